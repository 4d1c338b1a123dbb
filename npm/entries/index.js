/** What `import … from "wardian"` gives: all of it at once, with nothing to load, and nothing started before it is asked. */
import { explain as explainLoaded, explainMany as explainManyLoaded } from "../model/explain.js";
import { anySource } from "../inside/inside-any.js";
import { readyToExplain } from "../inside/inside-explain.js";
import { ready, source } from "../inside/inside.js";
import { Pool as Workers } from "../model/pool.js";
import { columnsOf, handled } from "../model/model.js";
import { checkOptions } from "../model/wardian.js";

/** Why the shipped model's answer to one row is what it is. Throws a `WardianError`. */
export const explain = (input, options) => {
  ready();
  readyToExplain();
  return explainLoaded(input, options);
};
/** The contributions for many rows of the shipped model, as XGBoost's `pred_contribs`. */
export const explainMany = (rows, options) => {
  ready();
  readyToExplain();
  return explainManyLoaded(columnsOf(rows), options);
};
/** The shipped model's prediction for one row. Throws a `WardianError`. */
export const predict = (input, options) => ready().predict(input, options);
/** One prediction of the shipped model a row. Throws a `WardianError` that names the first bad row. */
export const predictMany = (rows, options) => ready().predictMany(columnsOf(rows), options);
/** Many rows at once, in several workers, for the shipped model or any other. */
export const Pool = {
  /** A pool for `model`, by default the shipped one. */
  async start(model = ready(), options) {
    checkOptions(options, ["workers", "source"]);
    const bytes = model?.bytes;
    return Workers.start(model, { bytes, source: bytes === undefined ? source() : anySource(), ...options });
  },
};
/** The REST contract, answered with the shipped model. */
export const handle = (request) => handled(ready(), request);

export { model } from "./about.js";
export { Model } from "../model/model.js";
