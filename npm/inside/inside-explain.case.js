/** Where a sealed package has the module that explains: a script of its own, left out by a bundler where nobody asks why. */
import text, { exchanged, length } from "./explain.text.js";
import { bytes } from "./inside.js";
import { bytesOf } from "./text.js";
import { loadExplainerSync } from "../model/explain.js";

let started = false;

/** Starts the module that explains, when it is first asked for. */
export function readyToExplain() {
  if (!started) {
    loadExplainerSync(bytesOf(text, length, exchanged), bytes());
    started = true;
  }
}
