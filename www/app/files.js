/** The wasm modules and the places' style, as files beside the page. In the single file `files.single.js` stands here. */

/** Whether everything is inside one HTML file. */
export const IS_SINGLE_FILE = false;

/**
 * A module (`engine_bg.wasm`, `explain_bg.wasm`), for whoever starts one. The browser refuses other bytes than those that
 * the page was built with; its address changes with them, so that no cache holds an older one against it.
 */
export function wasm(name) {
  const { file, integrity } = BUILD.wasm[name];
  return fetch(new URL(file, document.baseURI), { integrity });
}

/** The same, compiled: for workers. */
export const compiledWasm = async (name) => WebAssembly.compile(await (await wasm(name)).arrayBuffer());

let style;
/** Makes the style ready that the places need which are fetched when they are first visited. */
export const placesStyle = () =>
  (style ??= new Promise((resolve, reject) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", ...BUILD.style, onload: resolve });
    link.onerror = () => {
      style = undefined;
      reject(new Error(BUILD.style.href));
    };
    document.head.append(link);
  }));
