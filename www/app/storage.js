/** What the page keeps: on this device only, under one prefix, so that clearing takes all of it and nothing else. */

const PREFIX = "wardian:";

/** The value kept under `key`; `otherwise` if there is none, or none that can be read. */
export function recall(key, otherwise) {
  try {
    const text = localStorage.getItem(PREFIX + key);
    return text === null ? otherwise : JSON.parse(text);
  } catch {
    // Storage is switched off, full of something else, or holds what another version wrote.
    return otherwise;
  }
}

/** Keeps a value. Where the browser keeps nothing, the page works and forgets. */
export function keep(key, value) {
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify(value));
  } catch {
    // As above.
  }
}

/** Forgets everything. */
export function forget() {
  try {
    for (const key of Object.keys(localStorage).filter((each) => each.startsWith(PREFIX))) {
      localStorage.removeItem(key);
    }
  } catch {
    // As above.
  }
}
