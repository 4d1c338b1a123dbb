/**
 * What is not known: between which answers a row's lies as one of its missing values is any of those that were observed. `src/unknown.rs`
 * is the same in Rust, and says why one value for each code is enough.
 *
 * Page and package have it, each with the module of its own.
 */

/**
 * For each of these features (`{ index, values, counts }`) between which answers a row of numbers lies: `{ index, low, high, spread }`, each of
 * the last three with a number for each prediction. `ask` gives the predictions for rows of numbers.
 */
export function rangesOf(row, missing, ask) {
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
        squares += (answers[first + each * outputs + output] - sum / all) ** 2 * counts[each];
      }
      told.low.push(low);
      told.high.push(high);
      told.spread.push(Math.sqrt(squares / all));
    }
    first += values.length * outputs;
    return told;
  });
}
