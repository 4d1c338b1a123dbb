/** XGBoost's files read with no Rust at hand: `wardian/convert`, whose module is loaded when it is first asked. */
import start, { convert as converted, inspect as inspected } from "./convert.js";

let starting;

async function started() {
  const files = globalThis.process?.getBuiltinModule?.("node:fs");
  // Node's `fetch` reads no files.
  starting ??= start(files && { module_or_path: files.readFileSync(new URL("./convert_bg.wasm", import.meta.url)) });
  await starting;
}

/** The `.wardian` bytes of a model in any supported file. */
export async function convert(bytes, options) {
  await started();
  return converted(bytes, options);
}

/** What is in a model's file. */
export async function inspect(bytes, options) {
  await started();
  return inspected(bytes, options);
}
