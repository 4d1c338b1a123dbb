/**
 * What is typed into the form, and what the model is given of it: pure functions. An entry is `{ text, unit, absent }`; after
 * a change of unit also `typed`, the text and unit as they were typed, so that changing back restores them.
 */

/** The longest text that a field takes: any number is shorter. */
export const LONGEST = 40;
/** And the longest of a feature with categories. */
const LONGEST_CATEGORY = 10_000;

/** The units that a feature can be given in, the model's own first. */
export const unitsOf = ({ unit, units }) => [unit, ...units.map((other) => other.unit)];

const otherOf = ({ units }, unit) => units.find((other) => other.unit === unit);
const rounded = (value, decimals) => (decimals === undefined ? Number(value.toPrecision(15)) : Number(value.toFixed(decimals)));

/** A number in the model's unit, in the unit shown: with so many decimals that a whole number in the model's unit survives. */
export function toShown(feature, unit, value) {
  const other = otherOf(feature, unit);
  if (other === undefined) {
    return value;
  }
  const { times = 1, per, offset = 0, decimals } = other;
  return rounded(per === undefined ? (value - offset) / times : value * per, decimals);
}

/**
 * A number in the unit shown, in the model's: with as many decimals as training had, for the trees' thresholds are numbers of
 * the training data, and 105.93 would be on another side of 106 than the 106 that it stands for.
 */
export function toModel(feature, unit, value) {
  const other = otherOf(feature, unit);
  if (other === undefined) {
    return value;
  }
  const { times = 1, per, offset = 0 } = other;
  return rounded(per === undefined ? value * times + offset : value / per, feature.decimals);
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

export function numberIn(text, comma) {
  const narrow = plain(text, comma);
  return narrow === "" ? NaN : Number(narrow);
}

/**
 * How an end of the range is rounded, so that it stands to a value beyond it as the end itself does: with up to three decimals, or, where that
 * would put the value inside or on it, as many digits as it takes. Options of `number`.
 */
export function roundingOf(end, value) {
  const isTrue = (rounded) => Math.sign(rounded - value) === Math.sign(end - value);
  let maximumSignificantDigits = 3;
  while (maximumSignificantDigits < 17 && !isTrue(Number(end.toPrecision(maximumSignificantDigits)))) {
    maximumSignificantDigits += 1;
  }
  return isTrue(Number(end.toFixed(3))) ? undefined : { maximumSignificantDigits };
}

/**
 * What an entry says: `{ value }` in the model's unit, or a category's name (`null`: not measured), or `{ fault }`, one of `comma`,
 * `not_a_number`, `not_finite` and `unknown_category`; and `note`, one of `outside`, `code` and `unseen`. `predict` is the model, which judges
 * numbers.
 */
export function judge(features, index, entry, comma, predict) {
  const feature = features[index];
  const text = plain(entry.text, comma);
  if (text === "" || (entry.absent && feature.mayBeMissing)) {
    return { value: null };
  }
  if (feature.categories.length > 0) {
    if (feature.categories.includes(entry.text)) {
      return { value: entry.text };
    }
    return feature.takesUnseen ? { value: entry.text, note: "unseen" } : { value: null, fault: "unknown_category" };
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
    if (feature.missingCodes.includes(value)) {
      return { value, note: "code" };
    }
    return feature.hasRange && (value < feature.minimum || value > feature.maximum) ? { value, note: "outside" } : { value };
  } catch (error) {
    if (error.name !== "WardianError") {
      throw error;
    }
    return { value: null, fault: error.code };
  }
}

/** What was judged of an entry: they are made anew when they change, and of many one changes. */
const known = new WeakMap();
function judgedOnce(features, index, entry, comma, predict) {
  let last = known.get(entry);
  if (last?.comma !== comma) {
    last = { comma, judged: judge(features, index, entry, comma, predict) };
    known.set(entry, last);
  }
  return last.judged;
}

/** What all entries say: `row`, one judgement a feature, whether there is any value, and the features that are faulty, needed and absent, not measured. */
export function readEntries(features, entries, comma, predict) {
  const judged = features.map((feature, index) => judgedOnce(features, index, entries[feature.name], comma, predict));
  const where = (holds) => features.filter((feature, index) => holds(judged[index], feature));
  const isMissing = ({ value, note }) => value === null || note === "code";
  return {
    judged,
    row: judged.map(({ value }) => value),
    hasAny: judged.some((each) => !isMissing(each)),
    faulty: where(({ fault }) => fault !== undefined),
    needed: where((each, { mayBeMissing }) => !mayBeMissing && each.fault === undefined && isMissing(each)),
    missing: where((each, { mayBeMissing }) => mayBeMissing && each.fault === undefined && isMissing(each)),
  };
}

/** Entries as they should be, of whatever was kept or sent: what does not fit is empty. */
export function soundEntries(features, kept) {
  const sound = (feature) => {
    const entry = Object.hasOwn(Object(kept), feature.name) ? Object(kept[feature.name]) : {};
    const isText = (text) => typeof text === "string" && text.length <= (feature.categories.length > 0 ? LONGEST_CATEGORY : LONGEST);
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
