/** Many rows at once, in several workers, for the shipped model or any other. */
import { ready, source } from "./inside.js";
import { Pool as Plain } from "./pool.js";
import { checkOptions } from "./wardian.js";

export const Pool = {
  /** A pool for `model`, by default the shipped one. */
  async start(model = ready(), options) {
    checkOptions(options, ["workers", "source"]);
    return Plain.start(model, { bytes: model?.bytes, source: source(), ...options });
  },
};
