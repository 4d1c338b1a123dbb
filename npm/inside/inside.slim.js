/** For `wardian/slim`, whose user says where the module is. */
import { shippedModel } from "../model/wardian.js";

/** Not known: a pool is told. */
export const source = () => undefined;

/** The bytes of the shipped model, where the module has them not. */
export const bytes = () => undefined;

/** The shipped model, once it is loaded. */
export function ready() {
  const model = shippedModel();
  if (model === undefined) {
    throw new Error("the module is not loaded yet: await load(source) first");
  }
  return model;
}
