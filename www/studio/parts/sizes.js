/** How many bytes, for people. `number` is the language's. */
export function sizeText(bytes, number) {
  const [unit, size] = bytes < 1e6 ? ["kilobyte", 1e3] : ["megabyte", 1e6];
  return number(bytes / size, { style: "unit", unit, maximumFractionDigits: bytes < 1e5 ? 1 : 0 });
}
