/** The cells of a line as texts: with `sign` between them, and quotation marks around what has such. */
export function cellsOf(line, sign = ",") {
  const cell = new RegExp(`(?:^|${sign})(?:"((?:[^"]|"")*)"|([^${sign}]*))`, "g");
  return [...line.matchAll(cell)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain);
}
