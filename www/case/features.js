/** The model's inputs: what its file says of them, and over it what the case says. */
import { theCase } from "./case.js";

function merged(own, { label, help, unit, units = [], split_range: [low, high] = [], ...said }) {
  return {
    ...own,
    ...said,
    label: label ?? (own.label || own.name),
    help: help ?? own.description,
    unitLabel: unit ?? own.unit,
    units,
    // Where nobody has said what training saw, what the trees ask for is the least that is of interest.
    hasRange: own.minimum !== undefined,
    minimum: own.minimum ?? low,
    maximum: own.maximum ?? high,
  };
}

let last = {};
/** The features of a model's description, in its order. */
export function featuresOf(description) {
  const page = theCase();
  if (last.page !== page || last.description !== description) {
    const said = new Map((page.features ?? []).map((feature) => [feature.name, feature]));
    last = { page, description, features: description.features.map((own) => merged(own, said.get(own.name) ?? {})) };
  }
  return last.features;
}
