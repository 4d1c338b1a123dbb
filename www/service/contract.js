/** The model as the contract asks it: it says the class that it answers, and writes numbers of either type. */
import { decimal64 } from "../../npm/model/decimal.js";
import { labelOf } from "../../npm/model/label.js";
import { decimal } from "wardian/rest.js";

export function asked(model) {
  const { description } = model;
  return {
    description,
    predictValue: (row) => model.predictValue(row),
    predictMany: (rows) => model.predictMany(rows),
    label: (prediction) => labelOf(description, prediction),
    decimal: description.bits === 64 ? decimal64 : decimal,
  };
}
