/** The modules that read workbooks and JSON lines: fetched when a file asks for one, and kept by the service worker from then on. */
import { refusal } from "./limits.js";

/** The module `sheets_bg.wasm` or `lines_bg.wasm`, compiled. In the single file `later.single.js` stands here. */
export async function later(name) {
  // A text, as what esbuild puts in for an object would be part of what the page loads first.
  const { file, integrity } = JSON.parse(BUILD.later)[name];
  let response;
  try {
    response = await fetch(new URL(file, document.baseURI), { integrity });
  } catch {
    throw refusal("unreachable");
  }
  return WebAssembly.compile(await response.arrayBuffer());
}
