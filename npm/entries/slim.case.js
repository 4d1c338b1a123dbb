/** As the default entry of a sealed package, with no module inside: `load(source)` first, and `loadExplainer(source)` before asking why. */
import { bytes } from "../inside/inside.js";
import * as explaining from "../model/explain.js";
import { Told } from "../model/told.js";
import * as predicting from "../model/wardian.js";

export * from "./index.js";
export const load = (source) => predicting.load(source, bytes(), Told);
export const loadSync = (source) => predicting.loadSync(source, bytes(), Told);
export const loadExplainer = (source) => explaining.loadExplainer(source, bytes());
export const loadExplainerSync = (source) => explaining.loadExplainerSync(source, bytes());
