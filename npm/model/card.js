/** What a model's card says about one answer: the card holds the figures, and this the rules. */

/**
 * The interval around a probability of the model that `card` is about: `{ low, high, level }`. Of models trained in the same
 * way on other people of the same study, the share `level` answers within it. The ends are offsets of the log-odds, drawn
 * straight between the points of a table.
 */
export function interval(card, probability) {
  const { margins, lower, upper, level } = card.interval;
  const margin = Math.log(probability / (1 - probability));
  const [low, high] = [lower, upper].map((offsets) => 1 / (1 + Math.exp(-margin - between(margins, offsets, margin))));
  return { low, high, level };
}

/** The value at `place` of the line through the points (`places`, `values`), level beyond both ends. */
function between(places, values, place) {
  const after = places.findIndex((each) => each > place);
  if (after <= 0) {
    return after < 0 ? values.at(-1) : values[0];
  }
  const part = (place - places[after - 1]) / (places[after] - places[after - 1]);
  return values[after - 1] + part * (values[after] - values[after - 1]);
}

/**
 * A warning, as those of `predict`, if more of a row is missing than almost anybody in training lacked. `values` are
 * numbers in the order of `features`, those of the model's description; `null`, `undefined`, `NaN` and the features' missing
 * codes are missing.
 */
export function manyMissing(card, features, values) {
  const { usual, message } = card.warnings.many_missing;
  const count = features.filter(({ missingCodes }, index) => {
    const value = values[index] ?? NaN;
    return Number.isNaN(value) || missingCodes.includes(value);
  }).length;
  return count > usual ? { code: "many_missing", message: message.replace("{count}", count) } : undefined;
}
