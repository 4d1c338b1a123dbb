/** What a file of rows gets of each kind of answer: plain functions, for workers use them too. */

/** The classes of a case, as the model calls them, in its order. */
export const classNames = ({ classes = {} }, { classes: named }) => (named.length > 0 ? named : Object.keys(classes));

/** The place of the largest number, the first of equals. */
const largest = (numbers) => numbers.reduce((best, value, place) => (value > numbers[best] ? place : best), 0);

/** One number a row: `name` is its column's. */
const oneNumber = (name) => ({ added: [name], measure: (row) => row[0], rank: (row) => row[0], block: () => 0 });

/** A class, and the probability of each where the model tells them. */
function classes(names, width) {
  if (width === 1) {
    return { added: ["class"], label: (row) => names[row[0]], measure: (row) => row[0], block: (row) => row[0] };
  }
  // Those are looked at first of which the model is least sure.
  const rank = (row) => -row[largest(row)];
  return { added: ["class", ...names.map((name) => `probability_${name}`)], label: (row) => names[largest(row)], measure: largest, rank, block: largest };
}

/**
 * How the answers of a case are written and counted. `added`: the names of the columns that a file gets. Of one row's answers `label` is the
 * class that they speak for, `measure` the number (or the class's place) that is counted, `rank` how early it is looked at, `block` which
 * of the model's outputs its reasons are those of. What a kind has not is not there.
 */
export function rowsOf(page, description) {
  const { predictions: width } = description;
  if (page.kind === "classes") {
    return { width, ...classes(classNames(page, description), width) };
  }
  if (page.kind === "targets") {
    return { width, added: Array.from({ length: width }, (_, place) => `prediction_${place}`) };
  }
  return { width, ...oneNumber(page.kind === "risk" ? "probability" : "prediction") };
}
