export * from "./index.js";
export { load, loadSync } from "../model/wardian.js";
export { loadExplainer, loadExplainerSync } from "../model/explain.js";
