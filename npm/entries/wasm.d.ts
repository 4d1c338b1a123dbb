/** The compiled module, where a runtime or a bundler imports wasm as one (workerd). */
declare const module: WebAssembly.Module;
export default module;
