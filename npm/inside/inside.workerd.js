/** For workerd, which compiles modules when a worker is deployed and none later. */
import module from "./shipped.wasm";
import { loadSync, shippedModel } from "../model/wardian.js";

/** The module's bytes, or a compiled module. */
export const source = () => module;

/** The shipped model. */
export function ready() {
  if (shippedModel() === undefined) {
    loadSync(module);
  }
  return shippedModel();
}
