/** The self-test: rows whose answers are known, asked again here. */

const floats = new Float32Array(1);
const itsBits = new Uint32Array(floats.buffer);

/** The bits of a number as a 32-bit float. */
export function bitsOf(value) {
  floats[0] = value;
  return itsBits[0];
}

/** The 32-bit float that has these bits. */
export function floatOf(bits) {
  itsBits[0] = bits;
  return floats[0];
}

/**
 * Asks `model` for each of `rows`, one at a time: the rows that it answers otherwise, to the last bit, as
 * `{ row, expected, given }` in bits. A probability may be right by chance where the margin is not; so both are compared.
 */
export function replay(model, rows) {
  const different = [];
  rows.forEach(({ values, margin, probability }, index) => {
    const given = { margin: bitsOf(model.marginsMany(Float64Array.from(values))[0]), probability: bitsOf(model.predictValue(values)) };
    if (given.margin !== margin || given.probability !== probability) {
      different.push({ row: index + 1, expected: { margin, probability }, given });
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
export function pace(model, rows) {
  const began = performance.now();
  let count = 0;
  let now = began;
  while (now - began < MEASURED) {
    for (const { values } of rows) {
      model.predictValue(values);
    }
    count += rows.length;
    now = performance.now();
  }
  return { each: (now - began) / count, count };
}
