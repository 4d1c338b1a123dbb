/** As the default entry, with no module inside: `load(source)` first, and `loadExplainer(source)` before asking why. */
export * from "./index.js";
export { load, loadSync } from "../model/wardian.js";
export { loadExplainer, loadExplainerSync } from "../model/explain.js";
