/** What features, units and values are called. */
import { number } from "../i18n/index.js";
import { toShown } from "./entries.js";

/** A name that would fill the page is cut. */
const LONGEST = 200;
const cut = (text) => (text.length > LONGEST ? `${[...text].slice(0, LONGEST - 1).join("")}…` : text);

export const labelOf = ({ label }) => cut(label);
export const helpOf = ({ help }) => help;
export const unitText = (feature, unit) => (unit === feature.unit ? feature.unitLabel : (feature.units.find((other) => other.unit === unit)?.label ?? unit));
/** What people call a category. */
export const choiceText = ({ choices }, name) => cut(choices !== undefined && Object.hasOwn(choices, name) ? choices[name] : name);

/** "106 mg/dL"; a category's name. */
export function quantity(feature, unit, value) {
  if (typeof value === "string") {
    return choiceText(feature, value);
  }
  const shown = number(toShown(feature, unit, value), { maximumFractionDigits: 3 });
  return unit === "" ? shown : `${shown} ${unitText(feature, unit)}`;
}
