export * from "./index.js";
export { load, loadSync } from "./wardian.js";
export { loadExplainer, loadExplainerSync } from "./explain.js";
