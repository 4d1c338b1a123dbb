/**
 * What is typed into the form, and what the model is given of it: pure functions. An entry is `{ text, unit, absent }`; after
 * a change of unit also `typed`, the text and unit as they were typed, so that changing back restores them.
 */

/** The longest text that a field takes: any number is shorter. */
export const LONGEST = 40;

/**
 * Units that laboratories use beside the model's own, as the number of them in one of the model's. Glucose: 180.16 g/mol.
 * Insulin: 1 µU is 6.00 pmol by the international standard of 1987; the 6.945 of many tables is of an older, less pure
 * preparation (Knopp, Holder-Pearson, Chase: Insulin Units and Conversion Factors, J Diabetes Sci Technol 2019, 13:597).
 * `decimals` are so many that a whole number in the model's unit survives.
 */
const OTHER_UNITS = {
  glucose: { unit: "mmol/L", per: 1 / 18.016, decimals: 2 },
  serum_insulin: { unit: "pmol/L", per: 6, decimals: 0 },
};

/** The units that a feature can be given in, the model's own first. */
export function unitsOf({ name, unit }) {
  const other = OTHER_UNITS[name];
  return other === undefined ? [unit] : [unit, other.unit];
}

const otherOf = (feature, unit) => (unit === feature.unit ? undefined : OTHER_UNITS[feature.name]);
const rounded = (value, decimals) => Number(value.toFixed(decimals));

/** A number in the model's unit, in the unit shown. */
export function toShown(feature, unit, value) {
  const other = otherOf(feature, unit);
  return other === undefined ? value : rounded(value * other.per, other.decimals);
}

/**
 * A number in the unit shown, in the model's: with as many decimals as the study recorded, for the trees' thresholds are
 * numbers of the study, and 105.93 would be on another side of 106 than the 106 that it stands for.
 */
export function toModel(feature, unit, value) {
  const other = otherOf(feature, unit);
  return other === undefined ? value : rounded(value / other.per, feature.decimals);
}

export const emptyEntry = ({ unit }) => ({ text: "", unit, absent: false });

/** The entry after its unit was changed. */
export function inUnit(feature, entry, unit, comma) {
  const typed = entry.typed ?? { text: entry.text, unit: entry.unit };
  if (typed.unit === unit) {
    return { text: typed.text, unit, absent: entry.absent };
  }
  const value = numberIn(typed.text, comma);
  // What is no number is not converted, and not lost either.
  const text = Number.isFinite(value) ? String(toShown(feature, unit, toModel(feature, typed.unit, value))) : typed.text;
  return { text: comma ? text.replace(".", ",") : text, unit, absent: entry.absent, typed };
}

/** The text with what input methods for Chinese put for ASCII, and with a point for a decimal comma where that is the sign. */
function plain(text, comma) {
  const narrow = text.normalize("NFKC").trim();
  return comma ? narrow.replace(",", ".") : narrow;
}

function numberIn(text, comma) {
  const narrow = plain(text, comma);
  return narrow === "" ? NaN : Number(narrow);
}

/**
 * What an entry says: `{ value }` in the model's unit (`null`: not measured), or `{ fault }`, one of `comma`, `not_a_number` and
 * `not_finite`; and `note`, one of `outside` and `code`. `predict` is the model, which judges numbers.
 */
export function judge(features, index, entry, comma, predict) {
  const feature = features[index];
  const text = plain(entry.text, comma);
  if (text === "" || (entry.absent && feature.mayBeMissing)) {
    return { value: null };
  }
  if (text.includes(",")) {
    return { value: null, fault: "comma" };
  }
  const alone = (value) => features.map((_, position) => (position === index ? value : null));
  try {
    // As the REST contract reads it; then, as it may be in another unit, as a number.
    predict(alone(text).map((each) => each ?? "").join(","));
    const value = toModel(feature, entry.unit, Number(text));
    if (Number.isNaN(value)) {
      return { value: null };
    }
    const { warnings } = predict(alone(value));
    const isOutside = warnings.some(({ code, field }) => code === "outside_training_range" && field === feature.name);
    if (feature.missingCodes.includes(value)) {
      return { value, note: "code" };
    }
    return isOutside ? { value, note: "outside" } : { value };
  } catch (error) {
    if (error.name !== "WardianError") {
      throw error;
    }
    return { value: null, fault: error.code };
  }
}

/** What all entries say: `row`, one judgement a feature, and the features that are faulty, needed and absent, not measured. */
export function readEntries(features, entries, comma, predict) {
  const judged = features.map((feature, index) => judge(features, index, entries[feature.name], comma, predict));
  const where = (holds) => features.filter((feature, index) => holds(judged[index], feature));
  const isMissing = ({ value, note }) => value === null || note === "code";
  return {
    judged,
    row: judged.map(({ value }) => value),
    faulty: where(({ fault }) => fault !== undefined),
    needed: where((each, { mayBeMissing }) => !mayBeMissing && each.fault === undefined && isMissing(each)),
    missing: where((each, { mayBeMissing }) => mayBeMissing && each.fault === undefined && isMissing(each)),
  };
}

/** Entries as they should be, of whatever was kept or sent: what does not fit is empty. */
export function soundEntries(features, kept) {
  const sound = (feature) => {
    const entry = Object.hasOwn(Object(kept), feature.name) ? Object(kept[feature.name]) : {};
    const isText = (text) => typeof text === "string" && text.length <= LONGEST;
    const isUnit = (unit) => unitsOf(feature).includes(unit);
    if (!isText(entry.text) || !isUnit(entry.unit)) {
      return emptyEntry(feature);
    }
    const typed = Object(entry.typed);
    return {
      text: entry.text,
      unit: entry.unit,
      absent: entry.absent === true && feature.mayBeMissing,
      ...(isText(typed.text) && isUnit(typed.unit) && { typed: { text: typed.text, unit: typed.unit } }),
    };
  };
  return Object.fromEntries(features.map((feature) => [feature.name, sound(feature)]));
}
