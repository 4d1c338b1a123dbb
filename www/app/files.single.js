/** The wasm modules, as text inside the page. */

export const IS_SINGLE_FILE = true;

/** As in `files.js`: the bytes. */
export const wasm = async (name) => Uint8Array.from(atob(BUILD.wasm[name]), (character) => character.charCodeAt(0));

/** The same, compiled. */
export const compiledWasm = async (name) => WebAssembly.compile(await wasm(name));

/** As in `files.js`: it is there. */
export const placesStyle = async () => {};
