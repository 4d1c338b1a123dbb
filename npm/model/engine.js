/**
 * The wasm modules: how they start, and the memory that rows and results pass through. `src/bindings/predict.rs` is the other side; an
 * address of 0 stands for a failure. Numbers need no glue, so wasm-bindgen's is not taken: what a module exports is
 * called as it is.
 */

/** What the module that predicts the shipped model exports. */
export let engine;

// The one thing that wasm-bindgen's start asks for; no object ever crosses.
const imports = { "./engine_bg.js": { __wbindgen_init_externref_table() {} } };

/** What a module exports, and its views of its memory: those where rows are written, by their kind. */
function begun({ exports }) {
  exports.__wbindgen_start();
  return { ...exports };
}

/** What a module exports, made from its bytes, its compiled form, a response, or the address of one. */
export async function instantiated(source) {
  let given = await source;
  if (typeof given === "string" || given instanceof URL) {
    given = await fetch(given);
  }
  if (given.arrayBuffer) {
    if (!given.ok) {
      throw new Error(`${given.url} answered ${given.status}`);
    }
    given = await given.arrayBuffer();
  }
  const made = await WebAssembly.instantiate(given, imports);
  return begun(made.instance ?? made);
}

/** As `instantiated`, at once, from bytes or a compiled module. */
export const instantiatedSync = (source) =>
  begun(new WebAssembly.Instance(source instanceof WebAssembly.Module ? source : new WebAssembly.Module(source), imports));

/** Starts the module that predicts. */
export async function start(source) {
  engine = await instantiated(source);
}

/** As `start`, at once. */
export function startSync(source) {
  engine = instantiatedSync(source);
}

/** How much memory it has, in bytes. */
export const memoryBytes = () => engine.memory.buffer.byteLength;
/** What is at an address of a module's memory: `count` items of a typed array's kind. */
export const at = (Items, address, count, module = engine) => new Items(module.memory.buffer, address >>> 0, count);
/** Bytes as text. Throws if they are not UTF-8. */
export const textOf = (bytes) => new TextDecoder("utf-8", { fatal: true }).decode(bytes);
/** The bytes at an address as text. */
export const textAt = (address, length, module) => textOf(at(Uint8Array, address, length, module));

/** Room for `count` values in a module: 32-bit floats, or of another kind. At least so many; the view is empty where its memory has grown since. */
export function room(count, module = engine, Values = Float32Array) {
  if (!(module[Values.name]?.length >= count)) {
    module[Values.name] = at(Values, module[Values === Float32Array ? "room" : "wide_room"](count), count, module);
  }
  return module[Values.name];
}
