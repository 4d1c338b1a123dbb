/**
 * How sure an answer is, by a case's `certainty` (docs/CASE.md). `src/certainty.rs` is the same in Rust: comparisons, one multiplication and
 * one sum, so that both say the same bits; a test asks both.
 */

/** How many of these ascending numbers come before a place: those below it, and with `isWithin` those that are it. */
function before(ascending, place, isWithin) {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] < place || (isWithin && ascending[middle] === place)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/** The most likely of several: the first of equals. */
const mostLikely = (shares) => shares.reduce((best, share, index) => (share > shares[best] ? index : best), 0);

/** The interval about a number. */
function about({ intervals: [{ bounds = [], scales = [1], levels }], least = -Infinity }, answer, level) {
  const told = levels.find((each) => each.level === level);
  if (told === undefined) {
    return undefined;
  }
  const half = told.score * scales[before(bounds, answer, true)];
  return { level, low: Math.max(answer - half, least), high: Math.max(answer + half, least) };
}

/** The range of a risk. */
function range({ risk: { low: lower, high: upper } }, answer) {
  const place = before(lower.at, answer, true);
  const low = place > 0 ? lower.values[place - 1] : 0;
  const high = upper.values[before(upper.at, answer, false)] ?? 1;
  return { low, high, merged: high / (1 - low + high), outside: answer < low || answer > high };
}

/** The set of classes. */
function set({ sets }, shares, level) {
  const told = sets.find((each) => each.level === level);
  const best = mostLikely(shares);
  return told && { level, classes: [...shares.keys()].filter((index) => index === best || shares[index] >= told.least) };
}

/**
 * How sure an answer is: of a number an interval, `{ level, low, high }`; of a risk its range, `{ low, high, merged,
 * outside }`, the last being whether the answer itself lies outside of it; of classes a set,
 * `{ level, classes }` by their indices. Nothing where it is not known.
 */
export function intervalOf(certainty, answer, { level = 90 } = {}) {
  const prediction = typeof answer === "number" ? answer : (answer?.prediction ?? answer);
  if (certainty?.risk !== undefined && typeof prediction === "number") {
    return range(certainty, prediction);
  }
  if (certainty?.sets !== undefined && prediction?.length > 0) {
    return set(certainty, prediction, level);
  }
  return certainty?.intervals !== undefined && typeof prediction === "number" ? about(certainty, prediction, level) : undefined;
}
