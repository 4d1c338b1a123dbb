/** What features, units and values are called; a model without words of ours brings its own. */
import { has, number, t } from "../i18n/index.js";
import { toShown } from "./entries.js";

const own = (kind, feature, otherwise) => (has(`person.${kind}.${feature.name}`) ? t(`person.${kind}.${feature.name}`) : otherwise);

export const labelOf = (feature) => own("label", feature, feature.label || feature.name);
export const helpOf = (feature) => own("help", feature, feature.description);
export const unitText = (unit) => (has(`person.unit.${unit}`) ? t(`person.unit.${unit}`) : unit);

/** "106 mg/dL" */
export function quantity(feature, unit, value) {
  const shown = number(toShown(feature, unit, value), { maximumFractionDigits: 3 });
  return unit === "" ? shown : `${shown} ${unitText(unit)}`;
}
