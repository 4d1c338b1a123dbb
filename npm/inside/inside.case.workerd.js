/** For workerd, which compiles modules when a worker is deployed and none later. */
import module from "./wardian.wasm";
import { exchanged, length, text } from "./model.text.js";
import { bytesOf } from "./text.js";
import { Told } from "../model/told.js";
import { loadSync, shippedModel } from "../model/wardian.js";

/** The module's bytes, or a compiled module. */
export const source = () => module;

/** The bytes of the model's `.wardian` file. */
export const bytes = () => bytesOf(text, length, exchanged);

/** The case's model. */
export function ready() {
  if (shippedModel() === undefined) {
    loadSync(module, bytes(), Told);
  }
  return shippedModel();
}
