/** For workerd, which compiles modules when a worker is deployed and none later. */
import module from "./explain.wasm";
import { bytes } from "./inside.js";
import { loadExplainerSync } from "../model/explain.js";

let started = false;

/** Starts the module that explains, when it is first asked for. */
export function readyToExplain() {
  if (!started) {
    loadExplainerSync(module, bytes());
    started = true;
  }
}
