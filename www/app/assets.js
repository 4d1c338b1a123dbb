/** What the page fetches by name. */
import { scriptAddress } from "./trusted.js";

const fetched = (name) => fetch(new URL(name, document.baseURI));

/** The module that predicts, as `load` takes it. */
export const engineModule = () => fetched("engine_bg.wasm");
/** The module that explains, as `loadExplainer` takes it. */
export const explainerModule = () => fetched("explain_bg.wasm");
/** A worker that runs `www/<place>/worker.js`. */
export const startWorker = (place) => new Worker(scriptAddress(`${place}-worker.js`), { type: "module" });
