/** How a file's answers are shown, by kind: in tables, and on a histogram's axis. */
import { number, percent, t } from "../i18n/index.js";
import { classNames } from "../kinds/rows.js";

/** What people call a class. */
export const classLabel = ({ classes = {} }, name) => (Object.hasOwn(classes, name) ? classes[name] : name);

/** A number as a table has it. */
export const figure = (value, decimals) =>
  number(value, decimals === undefined ? { maximumSignificantDigits: 5 } : { minimumFractionDigits: decimals, maximumFractionDigits: decimals });

const withUnit = (text, unit) => (unit ? `${text} ${unit}` : text);
const headed = (label, unit) => (unit ? `${label} (${unit})` : label);

/** An answer that is counted, as an axis or a sentence has it. */
export const measured = ({ kind, answer }, value) => (kind === "risk" ? percent(value) : withUnit(figure(value, answer?.decimals), answer?.unit));

/** A bound between zones, with as many decimals as it has. */
function bounded({ kind, answer }, value, isBare) {
  const text = number(value, { maximumFractionDigits: 6 });
  return kind === "risk" ? percent(value) : isBare ? text : withUnit(text, answer?.unit);
}

/** The columns that a table has for a row's answer: `{ heading, text }`. */
export function columnsOf(page, description) {
  const { kind, answer, targets = [] } = page;
  if (kind === "risk") {
    return [{ heading: t("rows.tables.probability"), text: ([value]) => percent(value, 1) }];
  }
  if (kind === "classes") {
    const names = classNames(page, description);
    const isAlone = description.predictions === 1;
    const best = (row) => (isAlone ? row[0] : row.indexOf(Math.max(...row)));
    const probability = { heading: t("rows.tables.probability"), text: (row) => percent(row[best(row)], 1) };
    return [{ heading: t("rows.tables.class"), text: (row) => classLabel(page, names[best(row)]) }, ...(isAlone ? [] : [probability])];
  }
  if (kind === "targets") {
    return Array.from({ length: description.predictions }, (_, place) => {
      const { label = t("rows.tables.target", { number: place + 1 }), unit, decimals } = targets[place] ?? {};
      return { heading: headed(label, unit), text: (row) => figure(row[place], decimals) };
    });
  }
  return [{ heading: headed(answer?.label ?? t("rows.tables.answer"), answer?.unit), text: ([value]) => figure(value, answer?.decimals) }];
}

/** A word for a kind, where it has one of its own. */
export const byKind = (key, { kind }, values) => t(`rows.${key}.${["risk", "classes", "targets"].includes(kind) ? kind : "number"}`, values);

/** What a zone is called: its bounds, and its name. A case may have a word of its own for each. */
export function zoneLabel(page, place, has) {
  const { zones } = page;
  const key = `rows.zone.${place}`;
  if (has(key)) {
    return t(key);
  }
  const bounds = [zones[place - 1]?.to, zones[place].to];
  // One unit is enough for two bounds.
  const isBetween = !bounds.includes(undefined);
  const [from, to] = bounds.map((bound, side) => (bound === undefined ? undefined : bounded(page, bound, isBetween && side === 0)));
  if (zones[place].name !== undefined) {
    return t("rows.zone.named", { name: zones[place].name, from: from ?? "", to: to ?? "" });
  }
  return from === undefined ? t("rows.zone.below", { to }) : to === undefined ? t("rows.zone.above", { from }) : t("rows.zone.between", { from, to });
}
