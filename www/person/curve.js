/** What if one value were another: the prediction at every value that training could have recorded. */

/** More values than these are sampled. */
const MOST_VALUES = 5000;
const SAMPLES = 200;

/** The values of a feature's training range, as finely as they were recorded; of one with categories all of their codes. */
export function gridOf({ minimum, maximum, decimals, categories }) {
  if (categories.length > 0) {
    return categories.map((_, code) => code);
  }
  const whole = decimals === undefined ? Infinity : Math.round((maximum - minimum) * 10 ** decimals);
  const isFine = whole < MOST_VALUES && whole > 0;
  const count = isFine ? whole : SAMPLES;
  return Array.from({ length: count + 1 }, (_, index) => {
    const value = minimum + (index / count) * (maximum - minimum);
    return isFine ? Number(value.toFixed(decimals)) : Number(value.toPrecision(7));
  });
}

/** The code of a category; of one that training did not see the one behind the last. */
function codeOf({ categories }, name) {
  const code = categories.indexOf(name);
  return code < 0 ? categories.length : code;
}

/** A row as numbers: of a category its code. */
export const numbersOf = (features, row) => row.map((value, index) => (typeof value === "string" ? codeOf(features[index], value) : (value ?? NaN)));

/**
 * The steps of the curve for feature `index`: `{ from, to, prediction }`, constant from the first to the last value. Between
 * the trees' thresholds nothing changes, so there are few. `valueOf(predictions, place)` is what is drawn of the row at a place.
 */
export function curveOf(features, index, row, predictMany, valueOf = (predictions, place) => predictions[place]) {
  const grid = gridOf(features[index]);
  const rows = new Float64Array(grid.length * row.length);
  const own = numbersOf(features, row);
  grid.forEach((value, place) => {
    rows.set(own, place * row.length);
    rows[place * row.length + index] = value;
  });
  const steps = [];
  const predictions = predictMany(rows, { codes: true });
  const isChosen = features[index].categories.length > 0;
  grid.forEach((value, place) => {
    const prediction = valueOf(predictions, place);
    if (!isChosen && steps.at(-1)?.prediction === prediction) {
      steps.at(-1).to = value;
    } else {
      steps.push({ from: value, to: value, prediction });
    }
  });
  return steps;
}

/** The step that a value of the range is in. */
export const stepAt = (steps, value) => steps.findLast(({ from }) => from <= value) ?? steps[0];
