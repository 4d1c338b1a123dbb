/** Where a sealed package has its module and its model from: two scripts beside this one. The module opens any model. */
import { exchanged as exchangedInEngine, length as engineLength, default as engineText } from "./engine.text.js";
import { exchanged, length, text } from "./model.text.js";
import { bytesOf } from "./text.js";
import { Told } from "../model/told.js";
import { loadSync, shippedModel } from "../model/wardian.js";

/** The module's bytes, or a compiled module. */
export const source = () => bytesOf(engineText, engineLength, exchangedInEngine);

/** The bytes of the model's `.wardian` file. */
export const bytes = () => bytesOf(text, length, exchanged);

/** The case's model. The module starts when it is first asked for, not when it is imported: what is unused is left out. */
export function ready() {
  if (shippedModel() === undefined) {
    loadSync(source(), bytes(), Told);
  }
  return shippedModel();
}
