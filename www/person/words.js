/** What features, units and values are called. */
import { number } from "../i18n/index.js";
import { toShown } from "./entries.js";

export const labelOf = ({ label }) => label;
export const helpOf = ({ description }) => description;
export const unitText = (feature, unit) => (unit === feature.unit ? feature.unitLabel : (feature.units.find((other) => other.unit === unit)?.label ?? unit));
/** What people call a category. */
export const choiceText = ({ choices }, name) => (choices !== undefined && Object.hasOwn(choices, name) ? choices[name] : name);

/** "106 mg/dL"; a category's name. */
export function quantity(feature, unit, value) {
  if (typeof value === "string") {
    return choiceText(feature, value);
  }
  const shown = number(toShown(feature, unit, value), { maximumFractionDigits: 3 });
  return unit === "" ? shown : `${shown} ${unitText(feature, unit)}`;
}
