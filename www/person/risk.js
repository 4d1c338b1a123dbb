/** A probability in the ways that the page says it. */

/** How many of a hundred, and whether that is `about` right or the probability is `under` or `over` what can be counted. */
export function frequency(probability) {
  if (probability < 0.005) {
    return { kind: "under", count: 1, shown: 0 };
  }
  if (probability > 0.995) {
    return { kind: "over", count: 99, shown: 100 };
  }
  const count = Math.round(probability * 100);
  return { kind: "about", count, shown: count };
}

export const logistic = (margin) => 1 / (1 + Math.exp(-margin));
export const logOdds = (probability) => Math.log(probability / (1 - probability));
