/** Predictions alone, `wardian/predict`: for a page without a bundler, which would fetch all that `index.js` names. */
import { ready } from "../inside/inside.js";

/** The shipped model's prediction for one row. Throws a `WardianError`. */
export const predict = (input, options) => ready().predict(input, options);
/** One prediction of the shipped model a row. Throws a `WardianError` that names the first bad row. */
export const predictMany = (rows, options) => ready().predictMany(rows, options);
