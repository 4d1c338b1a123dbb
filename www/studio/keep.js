/** What the studio keeps on this device, so that nothing is lost when the page is closed: the files and what is said of them. */
import { clear, createStore, delMany, getMany, set } from "idb-keyval";

let store;
const own = () => (store ??= createStore("wardian-studio", "work"));

const NAMES = ["model", "data", "predictions", "heldOut", "said"];

/** All that is kept: `{ model, data, predictions, heldOut, said }`, each nothing where there is none. Rejects where the browser keeps nothing. */
export async function recallAll() {
  const found = await getMany(NAMES, own());
  return Object.fromEntries(NAMES.map((name, index) => [name, found[index]]));
}

/** Keeps one of these, or forgets it. Resolves to whether that could be done: a private window or a full disk keeps nothing. */
export async function keep(name, value) {
  try {
    await (value === undefined ? delMany([name], own()) : set(name, value, own()));
    return true;
  } catch {
    return false;
  }
}

/** Forgets everything. */
export async function forgetAll() {
  try {
    await clear(own());
  } catch {
    // There was nothing kept.
  }
}
