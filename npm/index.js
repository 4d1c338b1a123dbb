/** What `import … from "wardian"` gives: all of it at once, with nothing to load, and nothing started before it is asked. */
import { explain as explainLoaded, explainMany as explainManyLoaded } from "./explain.js";
import { handleWith } from "./handle.js";
import { readyToExplain } from "./inside-explain.js";
import { ready } from "./inside.js";

/** Why the shipped model's answer to one row is what it is. Throws a `WardianError`. */
export const explain = (input) => {
  readyToExplain();
  return explainLoaded(input);
};
/** The contributions for many rows of the shipped model, as XGBoost's `pred_contribs`. */
export const explainMany = (rows) => {
  readyToExplain();
  return explainManyLoaded(rows);
};
/** The REST contract, answered with the shipped model. */
export const handle = (request) => handleWith(ready(), request);

export { predict, predictMany } from "./predict.js";
export { model } from "./about.js";
export { Model } from "./model.js";
export { Pool } from "./pools.js";
