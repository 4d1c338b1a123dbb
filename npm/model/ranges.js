/**
 * What is not known: between which answers a row's lies as one of its missing values is any of those that were observed. `src/unknown.rs`
 * is the same in Rust, and says why one value for each code is enough.
 *
 * Page and package have it, each with the module of its own.
 */

/** No more numbers than these are asked at a time, or those of one feature: a row may lack thousands of values. */
const MOST_NUMBERS = 1 << 20;

/**
 * For each of these features (`{ index, values, counts }`) between which answers a row of numbers lies: `{ index, low, high, spread }`, each of
 * the last three with a number for each prediction. `ask` gives the predictions for rows of numbers.
 */
export function rangesOf(row, missing, ask) {
  const told = [];
  for (let start = 0, end; start < missing.length; start = end) {
    let count = missing[start].values.length;
    for (end = start + 1; end < missing.length && (count + missing[end].values.length) * row.length <= MOST_NUMBERS; end += 1) {
      count += missing[end].values.length;
    }
    told.push(...together(row, missing.slice(start, end), ask));
  }
  return told;
}

function together(row, missing, ask) {
  const width = row.length;
  const rows = new Float64Array(missing.reduce((count, { values }) => count + values.length, 0) * width);
  let place = 0;
  for (const { index, values } of missing) {
    for (const value of values) {
      rows.set(row, place);
      rows[place + index] = value;
      place += width;
    }
  }
  const answers = place === 0 ? [] : ask(rows);
  const outputs = (answers.length * width) / place;
  let first = 0;
  return missing.map(({ index, values, counts }) => {
    const told = { index, low: [], high: [], spread: [] };
    for (let output = 0; output < outputs; output += 1) {
      let [low, high, sum, squares, all] = [Infinity, -Infinity, 0, 0, 0];
      for (let each = 0; each < values.length; each += 1) {
        const answer = answers[first + each * outputs + output];
        low = Math.min(low, answer);
        high = Math.max(high, answer);
        sum += answer * counts[each];
        all += counts[each];
      }
      for (let each = 0; each < values.length; each += 1) {
        // A power would have other bits than Rust's product.
        const off = answers[first + each * outputs + output] - sum / all;
        squares += off * off * counts[each];
      }
      told.low.push(low);
      told.high.push(high);
      told.spread.push(Math.sqrt(squares / all));
    }
    first += values.length * outputs;
    return told;
  });
}

/** The largest first: of several predictions by the one that varies most. */
const mostFirst = (one, other) => Math.max(...other.spread) - Math.max(...one.spread);

/**
 * For each value that a row lacks and that was observed elsewhere, between which answers the row's lies if it is one of those. `observed`
 * has `{ values, counts }` by feature, as the member of a `case.json`; `room` is that of the scripts that predict.
 */
export function unknownOf(model, observed, input, room) {
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
