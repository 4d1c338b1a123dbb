/** The self-test: rows whose answers are known, asked again here. */

/** The bits of these numbers, of whichever type, in hexadecimal: one text each. */
export function bitsOf(numbers) {
  const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  const width = numbers.BYTES_PER_ELEMENT;
  // The last byte is the first digit: every machine that browsers run on is such a one.
  const digits = (place) => Array.from(bytes.subarray(place * width, (place + 1) * width).toReversed(), (byte) => byte.toString(16).padStart(2, "0"));
  return Array.from(numbers, (_, place) => digits(place).join(""));
}

/** The first place at which two rows of numbers have other bits; nothing where none. */
function otherPlace(expected, given) {
  const [due, found] = [bitsOf(expected), bitsOf(given)];
  const place = due.findIndex((bits, index) => bits !== found[index]);
  return place < 0 ? undefined : { place, bits: [due[place], found[place]] };
}

/** A number, its bits, and whether they are other ones than were due. */
const told = (numbers, { place, bits }, side) => ({ value: numbers[place], bits: bits[side] });

/**
 * Asks `model` for each of the golden rows, one at a time: the rows that it answers otherwise, to the last bit, as `{ row, answer, margin }`
 * (the last where margins are known), each with `expected` and `given`. An answer may be right by chance where the margin is not; so
 * both are compared.
 */
export function replay(model, { rows, predictions, margins }) {
  const different = [];
  const compared = (numbers, given) => {
    const expected = given.constructor.from(numbers);
    const other = otherPlace(expected, given);
    const shown = other ?? { place: 0, bits: [bitsOf(expected)[0], bitsOf(given)[0]] };
    return { isOther: other !== undefined, expected: told(expected, shown, 0), given: told(given, shown, 1) };
  };
  rows.forEach((row, index) => {
    const answer = compared(predictions[index], model.predictMany([row]));
    const margin = margins && compared(margins[index], model.marginsMany([row]));
    if (answer.isOther || margin?.isOther) {
      different.push({ row: index + 1, answer, margin });
    }
  });
  return different;
}

/** How long a measurement takes, in milliseconds: short enough that the page never stands still. */
const MEASURED = 20;

/**
 * How long one prediction takes, in milliseconds: the mean of as many as there is time for, as a browser's clock is too
 * coarse for a single one.
 */
export function pace(model, { rows }) {
  const began = performance.now();
  let count = 0;
  let now = began;
  while (now - began < MEASURED) {
    for (const row of rows) {
      model.predictValue(row);
    }
    count += rows.length;
    now = performance.now();
  }
  return { each: (now - began) / count, count };
}
