/**
 * The wasm module: how it starts, and the memory that rows and results pass through. `src/wasm.rs` is the other side; an
 * address of 0 stands for a failure.
 */
import * as glue from "./engine_bg.js";

let memory;
/** Where rows are written: a view of the module's memory. */
let input = new Float32Array(0);

function started({ exports }) {
  glue.__wbg_set_wasm(exports);
  exports.__wbindgen_start();
  memory = exports.memory;
}

const imports = { "./engine_bg.js": glue };

/** Starts the module: from its bytes, its compiled form, a response, or the address of one. */
export async function start(source = new URL("engine_bg.wasm", import.meta.url)) {
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
  const { instance = given } = await WebAssembly.instantiate(given, imports).then((made) => (made.instance ? made : { instance: made }));
  started(instance);
}

/** As `start`, at once, from bytes or a compiled module. */
export function startSync(source) {
  const module = source instanceof WebAssembly.Module ? source : new WebAssembly.Module(source);
  started(new WebAssembly.Instance(module, imports));
}

/** Whether it has been started. */
export const isStarted = () => memory !== undefined;
/** How much memory it has, in bytes. */
export const memoryBytes = () => memory.buffer.byteLength;
/** What is at an address: `count` items of a typed array's kind. */
export const at = (Items, address, count) => new Items(memory.buffer, address, count);
/** The bytes at an address as text. Throws if they are not UTF-8. */
export const textAt = (address, length) => new TextDecoder("utf-8", { fatal: true }).decode(at(Uint8Array, address, length));

/** Room for `count` 32-bit floats: at least so many, the same as long as it is long enough. */
export function room(count) {
  if (input.length < count || input.buffer !== memory.buffer) {
    const length = Math.max(count, input.length);
    input = at(Float32Array, glue.room(length), length);
  }
  return input;
}

export { close, facts, failure, failure_length, open, run, shipped_hash } from "./engine_bg.js";
