/** What is not known of an answer for want of a value, by what was observed of this package's case; and of any case. */
import { observed } from "../case/observed.js";
import { ready } from "../inside/inside.js";
import { rangesOf } from "../model/ranges.js";
import { room } from "../model/wardian.js";

export { observed };

/** The largest first: of several predictions by the one that varies most. */
const mostFirst = (one, other) => Math.max(...other.spread) - Math.max(...one.spread);

/**
 * For each value that a row lacks and that was observed elsewhere, between which answers the row's lies if it is one of those. `observed`
 * has `{ values, counts }` by feature, as the member of a `case.json`.
 */
export function unknownOf(model, observed, input) {
  const { features } = model.description;
  model.predict(input);
  // The row is still in the room, missing codes and all.
  const row = room(features.length, model.module, model.Values).slice(0, features.length);
  const missing = features.flatMap(({ name }, index) => (Number.isNaN(row[index]) && Object.hasOwn(observed ?? {}, name) ? [{ index, ...observed[name] }] : []));
  const only = (numbers) => (numbers.length === 1 ? numbers[0] : numbers);
  return rangesOf(row, missing, (rows) => model.predictMany(rows, { codes: true }))
    .sort(mostFirst)
    .map(({ index, low, high, spread }) => ({ feature: features[index].name, low: only(low), high: only(high), spread: only(spread) }));
}

/** What is not known of one row's answer by this package's model. */
export const unknown = (input) => unknownOf(ready(), observed, input);
