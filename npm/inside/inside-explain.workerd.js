/** For workerd, which compiles modules when a worker is deployed and none later. */
import module from "./explain.wasm";
import { loadExplainerSync } from "../model/explain.js";

/** Starts the module that explains, when it is first asked for. */
export const readyToExplain = () => loadExplainerSync(module);
