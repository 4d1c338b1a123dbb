/** Many rows at once, in several workers, for the shipped model or any other. */
import { ready, source } from "./inside.js";
import { Pool as Plain } from "./pool.js";

export const Pool = {
  /** A pool for `model`, by default the shipped one. */
  start(model = ready(), options) {
    return Plain.start(model, { bytes: model.bytes, source: source(), ...options });
  },
};
