/** What features, units and values are called. */
import { number, t } from "../i18n/index.js";
import { toShown } from "./entries.js";

/** A name that would fill the page is cut. */
const LONGEST = 200;
const cut = (text) => (text.length > LONGEST ? `${[...text].slice(0, LONGEST - 1).join("")}…` : text);

export const labelOf = ({ label }) => cut(label);
export const helpOf = ({ help }) => help;
export const unitText = (feature, unit) => (unit === feature.unit ? feature.unitLabel : (feature.units.find((other) => other.unit === unit)?.label ?? unit));
/** What stands for a category that training did not see, where nobody has named one: no category is called so. */
export function unseenOf({ categories }) {
  let name = "?";
  for (; categories.some((each) => each.trim() === name); name += "?");
  return name;
}

/** What people call a category. */
export function choiceText(feature, name) {
  if (/^\?+$/.test(name) && feature.takesUnseen && name === unseenOf(feature)) {
    return t("inputs.unseen");
  }
  const { choices } = feature;
  return cut(choices !== undefined && Object.hasOwn(choices, name) ? choices[name] : name);
}

/** "106 mg/dL"; a category's name. */
export function quantity(feature, unit, value) {
  if (typeof value === "string") {
    return choiceText(feature, value);
  }
  const shown = number(toShown(feature, unit, value), { maximumFractionDigits: 3 });
  return unit === "" ? shown : `${shown} ${unitText(feature, unit)}`;
}
