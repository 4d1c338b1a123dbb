/**
 * The cells of a line as texts: with `sign` between them, and quotation marks around what has such. As `separated` in `npm/model/wardian.js`
 * takes a row's text apart, for any sign.
 */
export function cellsOf(line, sign = ",") {
  // The first cell has a sign before it as well: a match of no characters, as of an empty one, would be followed by a step.
  const cell = new RegExp(`${sign}(?: *"((?:[^"]|"")*)" *(?=${sign}|$)|([^${sign}]*))`, "g");
  return [...`${sign}${line}`.matchAll(cell)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain);
}
