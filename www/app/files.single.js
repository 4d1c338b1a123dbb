/** The wasm modules, in packed blocks of data inside the page. */

export const IS_SINGLE_FILE = true;

/** The bytes of a packed block. */
export async function unpacked(id) {
  const packed = Uint8Array.from(atob(document.getElementById(id).textContent), (character) => character.charCodeAt(0));
  return new Uint8Array(await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
}

/** As in `files.js`: the bytes. */
export const wasm = unpacked;

/** The same, compiled. */
export const compiledWasm = async (name) => WebAssembly.compile(await wasm(name));

/** As in `files.js`: it is there. */
export const placesStyle = async () => {};
