/** The module that reads JSON lines, as text inside the page. The one for workbooks would be as large as all the rest. */
import { refusal } from "./limits.js";

/** As in `later.js`. */
export async function later(name) {
  const text = BUILD.later[name];
  if (text === undefined) {
    throw refusal("not_here");
  }
  return WebAssembly.compile(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));
}
