/** The default entry: the module travels inside the script, so that an import is all there is to do. */
import module from "./engine_bg.wasm";
import { loadSync } from "./wardian.js";

loadSync(module);

export * from "./wardian.js";
