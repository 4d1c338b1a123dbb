/** `wardian/sheets`: workbooks and JSON lines as the CSV text that `wardian/rows` takes. Its modules are loaded when a file asks for one. */
import { asCsv as text } from "./foreign.js";

/** A module beside this script. */
const beside = (name, address) => () => {
  const files = globalThis.process?.getBuiltinModule?.("node:fs");
  try {
    // Node's `fetch` reads no files.
    return files === undefined ? fetched(address) : files.readFileSync(address);
  } catch (error) {
    throw lost(name, error);
  }
};

async function fetched(address) {
  const response = await fetch(address);
  if (!response.ok) {
    throw lost(address.pathname.split("/").at(-1), new Error(`${response.status}`));
  }
  return response;
}

const lost = (name, { message }) => new Error(`${name} is not beside this script (${message}): keep wardian out of the bundle, or give it: asCsv(file, options, { sheets, lines })`);

/** Each named whole, as bundlers look for it. */
const MODULES = {
  sheets: beside("sheets.wasm", new URL("./sheets.wasm", import.meta.url)),
  lines: beside("lines.wasm", new URL("./lines.wasm", import.meta.url)),
};

/**
 * The text of a file of rows of any kind: workbook, JSON lines, CSV and its like, packed with gzip or not. `modules` has the bytes,
 * compiled forms, responses or addresses of `sheets.wasm` and `lines.wasm`, where they are not beside this script.
 */
export function asCsv(file, options = {}, modules = {}) {
  const given = Object.entries(modules).filter(([, module]) => module !== undefined);
  return text(file, { ...MODULES, ...Object.fromEntries(given.map(([name, module]) => [name, () => module])) }, options);
}
export { checkSigns, kindOf, replayed } from "./foreign.js";
