/** What if one value were another: the prediction at every value that the study could have recorded. */

/** More values than these are sampled; none of the shipped model's features has as many. */
const MOST_VALUES = 5000;
const SAMPLES = 200;

/** The values of a feature's training range, as finely as they were recorded. */
export function gridOf({ minimum, maximum, decimals }) {
  const whole = decimals === undefined ? Infinity : Math.round((maximum - minimum) * 10 ** decimals);
  const count = whole < MOST_VALUES ? whole : SAMPLES;
  const digits = whole < MOST_VALUES ? decimals : 6;
  return Array.from({ length: count + 1 }, (_, index) => Number((minimum + (index / count) * (maximum - minimum)).toFixed(digits)));
}

/**
 * The steps of the curve for feature `index`: `{ from, to, prediction }`, constant from the first to the last value. Between
 * the trees' thresholds nothing changes, so there are few.
 */
export function curveOf(features, index, row, predictMany) {
  const grid = gridOf(features[index]);
  const rows = new Float64Array(grid.length * row.length);
  grid.forEach((value, place) => {
    rows.set(row.map((each) => each ?? NaN), place * row.length);
    rows[place * row.length + index] = value;
  });
  const steps = [];
  predictMany(rows).forEach((prediction, place) => {
    if (steps.at(-1)?.prediction === prediction) {
      steps.at(-1).to = grid[place];
    } else {
      steps.push({ from: grid[place], to: grid[place], prediction });
    }
  });
  return steps;
}

/** The step that a value of the range is in. */
export const stepAt = (steps, value) => steps.findLast(({ from }) => from <= value) ?? steps[0];
