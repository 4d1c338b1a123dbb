/**
 * Values in other units than the model's: `wardian/units`, which weighs on nobody who does not ask for it. Where it is imported,
 * rows may have `{ value, unit }` in the place of any number. `src/rows/units.rs` is the same in Rust; a test asks both.
 */
import { units } from "../case/case.js";

/** Units by kind: their names, how much of the kind's first one is, and of temperatures also where its zero is. */
const KINDS = [
  [
    [["year", "years", "yr", "yrs", "y", "a"], 12],
    [["month", "months", "mo", "mos", "mon"], 1],
  ],
  [
    [["kg", "kilogram", "kilograms"], 1],
    [["g", "gram", "grams"], 1e-3],
    [["lb", "lbs", "pound", "pounds"], 0.45359237],
    [["oz", "ounce", "ounces"], 0.028349523125],
  ],
  [
    [["m", "meter", "meters", "metre", "metres"], 1],
    [["cm"], 1e-2],
    [["mm"], 1e-3],
    [["in", "inch", "inches"], 0.0254],
    [["ft", "foot", "feet"], 0.3048],
  ],
  [
    // The conventional millimetre of mercury.
    [["mmhg"], 133.322387415],
    [["kpa"], 1000],
    [["pa"], 1],
  ],
  [
    [["°c", "degc", "celsius"], 1],
    [["°f", "degf", "fahrenheit"], 5 / 9, 32],
    [["k", "kelvin"], 1, 273.15],
  ],
  [
    [["%", "percent"], 1e-2],
    [["fraction", "share"], 1],
  ],
  [
    [["s", "sec", "second", "seconds"], 1],
    [["min", "minute", "minutes"], 60],
    [["h", "hr", "hour", "hours"], 3600],
  ],
];

/** The caller's mistake, as other scripts tell of one. */
const mistake = (code, field, message) => Object.assign(new Error(`${field}: ${message}`), { name: "WardianError", code, field });

/** A unit's text reduced to what tells it from others. The two signs for micro are written as the letter that stands for them. */
const plain = (unit) =>
  unit
    .replace(/[µμ]/g, "u")
    .replace("²", "2")
    .replace("³", "3")
    .toLowerCase()
    .replace(/[\s.^*]/g, "");

/** Units whose factor the case says, as it may depend on what is measured; of a feature of this name and unit. */
const othersOf = (name, own) => (Object.hasOwn(units, name) && plain(units[name].own) === plain(own) ? Object.entries(units[name].others) : []);

/** What makes a number in a feature's unit of one in another: `(value - minus) * times`. */
function conversion({ name, unit: own }, unit) {
  const ofIts = othersOf(name, own).find(([other]) => plain(other) === plain(unit));
  if (ofIts !== undefined) {
    const [, { times, minus = 0 }] = ofIts;
    return { minus, times };
  }
  for (const kind of KINDS) {
    const [from, to] = [unit, own].map((each) => kind.find(([names]) => names.includes(plain(each))));
    if (from !== undefined && to !== undefined) {
      const [[, size, zero = 0], [, toSize, toZero = 0]] = [from, to];
      return { minus: zero - (toZero * toSize) / size, times: size / toSize };
    }
  }
  return undefined;
}

/** The units that a feature's values may be given in, its own first. */
function unitsOf({ name, unit }) {
  const kind = KINDS.find((units) => units.some(([names]) => names.includes(plain(unit)))) ?? [];
  const others = kind.map(([names]) => names[0]).filter((other) => !kind.some(([names]) => names.includes(plain(unit)) && names.includes(other)));
  return [unit, ...othersOf(name, unit).map(([other]) => other), ...others.filter((other) => !othersOf(name, unit).some(([each]) => plain(each) === plain(other)))];
}

function featureOf(model, name) {
  const features = (model.description ?? model).features;
  const feature = features.find((each) => each.name === name);
  if (feature === undefined) {
    throw mistake("unknown_field", name, `no such feature; the model has ${features.slice(0, 20).map((each) => each.name).join(", ")}${features.length > 20 ? ", …" : ""}`);
  }
  return feature;
}

/**
 * The number in the model's unit of `value`, which is in `unit`. It is rounded to the decimals that the training data had: the
 * trees' cuts are numbers of that data, and 105.93 would be on another side of 106 than the 106 that it stands for.
 */
export function inUnit(model, name, value, unit) {
  const feature = featureOf(model, name);
  if (typeof unit !== "string" || (typeof value !== "number" && value !== null && value !== undefined)) {
    throw mistake("wrong_type", name, "a number and the text of its unit are due");
  }
  // What was not measured is that in any unit.
  if (value === null || value === undefined || Number.isNaN(value) || feature.missingCodes.includes(value)) {
    return value ?? NaN;
  }
  if (feature.unit !== "" && plain(unit) === plain(feature.unit)) {
    return value;
  }
  const found = feature.unit === "" ? undefined : conversion(feature, unit);
  if (found === undefined) {
    const known = feature.unit === "" ? "the model does not say its unit: give the number alone" : `known are ${unitsOf(feature).join(", ")}`;
    throw mistake("invalid_option", name, `${JSON.stringify(unit.slice(0, 40))} is no unit of it that is known; ${known}`);
  }
  const exact = (value - found.minus) * found.times;
  return feature.decimals === undefined || !Number.isFinite(exact) ? exact : Number(exact.toFixed(feature.decimals));
}

/** A row by name, in an object or a Map, whose values may be `{ value, unit }`: one of the model's units. */
export function inUnits(model, row) {
  const isInUnit = (given) => typeof given === "object" && given !== null && "unit" in given;
  const pairs = row instanceof Map ? [...row] : Object.entries(row);
  return Object.fromEntries(pairs.map(([name, given]) => [name, isInUnit(given) ? inUnit(model, name, given.value, given.unit) : given]));
}

// For `wardian.js`, of whichever copy: a bundle for `require` has its own.
globalThis["wardian/units"] = (model, name, given) => {
  const other = Object.keys(given).find((member) => !["value", "unit"].includes(member));
  if (other !== undefined || !("value" in given)) {
    throw mistake("wrong_type", name, `{ value, unit } is due${other === undefined ? "" : `, without ${JSON.stringify(other)}`}`);
  }
  return inUnit(model, name, given.value, given.unit);
};
