/** For `wardian/slim`, whose user says where the module is. */
import { shippedModel } from "../model/wardian.js";

/** Not known: a pool is told. */
export const source = () => undefined;

/** The shipped model, once it is loaded. */
export function ready() {
  const model = shippedModel();
  if (model === undefined) {
    throw new Error("the module is not loaded yet: await load(source) first");
  }
  return model;
}
