/** Where the default entry has its module from, which is sealed around the shipped model: the script beside this one. */
import text, { exchanged, length } from "./shipped.text.js";
import { bytesOf } from "./text.js";
import { loadSync, shippedModel } from "../model/wardian.js";

/** The module's bytes, or a compiled module. */
export const source = () => bytesOf(text, length, exchanged);

/** The shipped model. The module starts when it is first asked for, not when it is imported: what is unused is left out. */
export function ready() {
  if (shippedModel() === undefined) {
    loadSync(source());
  }
  return shippedModel();
}
