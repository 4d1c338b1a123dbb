import type { Category, FeatureName, InUnit, Input, Model, RowOptions, Rows, Value, Warning } from "./wardian.js";

type Source = BufferSource | WebAssembly.Module | Response | Promise<Response> | URL | string;

/**
 * Why one answer is what it is: `base` and the contributions sum to `margin`. Numbers are on the margin's scale, log-odds for a
 * binary model. A model of several outputs has an array of each, one for each output.
 */
export interface Explanation<Name extends string = string, Several extends boolean = boolean> {
  prediction: number | number[];
  /** The trees' sum before the link, bit for bit the trainer's. */
  margin: Several extends true ? number[] : number;
  /** The mean margin of the training data; with it the rounding of the row's sum, a few units in its last place. */
  base: Several extends true ? number[] : number;
  /** What each feature adds. */
  contributions: Several extends true ? Record<Name, number>[] : Record<Name, number>;
  warnings: Warning<Name>[];
}

/** Makes the module ready: from its bytes, its compiled module, a response, or the address of one. */
export function loadExplainer(source: Source): Promise<void>;
/** As `loadExplainer`, at once, from bytes or a compiled module. */
export function loadExplainerSync(source: BufferSource | WebAssembly.Module): void;

/** What explains the rows of one model. The module must have been loaded. */
export class Explainer<Name extends string = string> {
  /**
   * For `model`, whose `.wardian` bytes are `bytes` (nothing for the shipped one). Throws a `WardianError`, `no_covers` if the
   * file does not say how much of the training data came to each leaf.
   */
  constructor(model: Model<Name>, bytes?: Uint8Array);
  /** Why one row's answer is what it is. */
  explain(input: Input<Name, Value | InUnit | Category>, options?: RowOptions): Explanation<Name>;
  /**
   * For each row and output the contribution of each feature, and then the base: as XGBoost's `pred_contribs`, in 64-bit floats.
   * Names the first bad row.
   */
  explainMany(rows: Rows<Name, Value | InUnit | Category>, options?: RowOptions): Float64Array;
}

/** Why the shipped model's answer to one row is what it is. */
export function explain(input: Input<FeatureName>, options?: RowOptions): Explanation<FeatureName, false> & { prediction: number };
/** Nine numbers a row: the contributions of the shipped model's eight features, and the base. */
export function explainMany(rows: Rows<FeatureName>, options?: RowOptions): Float64Array;
