/**
 * The wasm modules: how they start, and the memory that rows and results pass through. `src/wasm.rs` is the other side; an
 * address of 0 stands for a failure. Numbers need no glue, so wasm-bindgen's is not taken: what a module exports is
 * called as it is.
 */

/** What the module that predicts exports. */
export let engine;
/** Where rows are written: a view of the module's memory, empty where that has grown since. */
let input = new Float32Array(0);
/** How many numbers there is room for. */
let capacity = 0;

// The one thing that wasm-bindgen's start asks for; no object ever crosses.
const imports = { "./engine_bg.js": { __wbindgen_init_externref_table() {} } };

function begun({ exports }) {
  exports.__wbindgen_start();
  return exports;
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

/** Room for `count` 32-bit floats: at least so many, the same as long as it is long enough. */
export function room(count) {
  if (input.length < count) {
    capacity = Math.max(count, capacity);
    input = at(Float32Array, engine.room(capacity), capacity);
  }
  return input;
}
