/**
 * The shortest decimal that reads back as the same 32-bit float: what `decimal` of `npm/rest.js` writes, in a twentieth of
 * the time. For most floats eight digits do; a longer decimal is at least as near as a shorter one, so the shortest that
 * reads back is found by going down from there. Not so beside a power of two, nor where two decimals are equally near,
 * which only a short binary fraction can have: those, and what is laid out with an exponent, are left to `decimal`.
 */
export function probabilityText(value, decimal) {
  if (!(value >= 1e-4 && value < 1) || Number.isInteger(value * 16384)) {
    return decimal(value);
  }
  let text = value.toPrecision(8);
  if (Math.fround(Number(text)) !== value) {
    return value.toPrecision(9);
  }
  for (let digits = 7; digits > 0; digits -= 1) {
    const shorter = value.toPrecision(digits);
    if (Math.fround(Number(shorter)) !== value) {
      break;
    }
    text = shorter;
  }
  return text;
}
