/** The module that reads JSON lines, in a block inside the page. The one for workbooks would be as large as all the rest. */
import { compiledWasm } from "../app/files.js";
import { refusal } from "./limits.js";

/** As in `later.js`. */
export async function later(name) {
  if (document.getElementById(name) === null) {
    throw refusal("not_here");
  }
  return compiledWasm(name);
}
