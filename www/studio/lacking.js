/** What the studio needs and an old browser lacks, by name. */
import { simd } from "./simd.js";

const NEEDED = {
  WebAssembly: () => "WebAssembly" in globalThis,
  "WebAssembly SIMD": () => "WebAssembly" in globalThis && WebAssembly.validate(simd),
  Worker: () => "Worker" in globalThis,
  DecompressionStream: () => "DecompressionStream" in globalThis,
  "Array.prototype.with": () => "with" in Array.prototype,
};

export const lacking = () => Object.keys(NEEDED).filter((name) => !NEEDED[name]());
