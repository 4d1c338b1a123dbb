/** XGBoost's files read with no Rust at hand: `wardian/convert`, whose module is loaded when it is first asked. */
import start, { convert as converted, inspect as inspected } from "./convert.js";

let starting;

async function started() {
  const files = globalThis.process?.getBuiltinModule?.("node:fs");
  try {
    // Node's `fetch` reads no files.
    starting ??= start(files && { module_or_path: files.readFileSync(new URL("./convert_bg.wasm", import.meta.url)) });
    await starting;
  } catch (error) {
    starting = undefined;
    throw new Error(`convert_bg.wasm is not beside this script (${error.message}): keep wardian out of the bundle, or copy the file there; its README says how, under "Recipes"`);
  }
}

/** What may be asked of the two. */
const OF_A_FILE = ["schema", "allTrees", "noCovers", "missing", "categoriesFrom"];
const ADVICE = {
  Blob: "await blob.arrayBuffer() gives them",
  File: "await file.arrayBuffer() gives them",
  Response: "await response.arrayBuffer() gives them",
  String: "a text has lost those of a file that is no text",
};

/** The caller's mistake, as the module itself tells of one. */
const mistake = (code, message) => Object.assign(new TypeError(message), { name: "WardianError", code });

/** A file's bytes, whatever holds them. */
function bytesOf(given) {
  if (ArrayBuffer.isView(given)) {
    return new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
  }
  // Of another frame or thread it is no instance of this one's.
  const kind = Object.prototype.toString.call(given).slice("[object ".length, -1);
  if (kind === "ArrayBuffer" || kind === "SharedArrayBuffer") {
    return new Uint8Array(given);
  }
  const advice = Object.hasOwn(ADVICE, kind) ? `: ${ADVICE[kind]}` : "";
  throw mistake("wrong_type", `a file's bytes are due, a Uint8Array or an ArrayBuffer, not a value of type ${kind}${advice}`);
}

/** An option that is not there would change nothing, and say nothing. */
function checkOptions(options, known) {
  const unknown = Object.keys(options ?? {}).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw mistake("invalid_option", `there is no option ${JSON.stringify(unknown)}; there are ${known.join(", ")}`);
  }
}

/** The `.wardian` bytes of a model in any supported file; what is to be known of how it was read is told to `onNote`. */
export async function convert(bytes, { onNote = (note) => console.warn(`wardian: ${note}`), ...options } = {}) {
  checkOptions(options, OF_A_FILE);
  const file = bytesOf(bytes);
  await started();
  const [written, ...notes] = converted(file, options);
  notes.forEach(onNote);
  return written;
}

/** What is in a model's file. */
export async function inspect(bytes, options) {
  checkOptions(options, OF_A_FILE);
  const file = bytesOf(bytes);
  await started();
  return inspected(file, options);
}
