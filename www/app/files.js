/** The wasm modules, as files beside the page. */

/** The module `name`, compiled: for workers. */
export async function compiledWasm(name) {
  const response = await fetch(new URL(name, document.baseURI));
  if (!response.ok) {
    throw new Error(`${name}: ${response.status}`);
  }
  return WebAssembly.compile(await response.arrayBuffer());
}
