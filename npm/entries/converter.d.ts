/** What may be asked of {@link convert}. */
export interface ConvertOptions {
  /** Names, units, ranges and missing codes of the inputs: the text of a `schema.json`. */
  schema?: string;
  /** Keep the trees that were grown after the best round. */
  allTrees?: boolean;
  /** Leave out what only explanations need: a smaller file. */
  noCovers?: boolean;
  /**
   * The number that means "not measured" in every feature: what the trainer was given as `missing=`, which most files do
   * not say. `NaN` for none, also where the file says one.
   */
  missing?: number;
  /**
   * Where the training data's categories came from. XGBoost 3.1 to 3.3 write names that are not ASCII otherwise for each;
   * a file in which that decides what a category is called is refused without it.
   */
  categoriesFrom?: "pandas" | "arrow";
  /**
   * Told of what was decided for you (rounds left out, what is taken for missing) and of what was never compared with the
   * trainer, a sentence each; without it the console is.
   */
  onNote?: (note: string) => void;
}

/** What {@link inspect} says of a file. */
export interface Inspection {
  kind: string;
  features: string[];
  outputs: number;
  trees: number;
  splits: number;
  depth: number;
  link: string;
  /** The classes' names; empty where the file has none. */
  classes: string[];
  /** How many bits the trainer's answers have. */
  bits: 32 | 64;
  /** Whether its rows can be explained. */
  hasCovers: boolean;
  /** What was decided for you (rounds left out, what is taken for missing), and what was never compared with the trainer. */
  notes: string[];
}

/**
 * The `.wardian` bytes of a model in any supported file (XGBoost's, LightGBM's and CatBoost's, ONNX's tree
 * ensembles, pickles of these and of scikit-learn's, which are never run; `.wardian` itself).
 *
 * @example
 * ```js
 * import { readFile, writeFile } from "node:fs/promises";
 * import { convert } from "wardian/convert";
 * await writeFile("model.wardian", await convert(await readFile("model.ubj")));
 * ```
 */
export function convert(bytes: ArrayBufferView | ArrayBufferLike, options?: ConvertOptions): Promise<Uint8Array>;
/** What is in a model's file: its features, outputs, trees, splits, depth, link, and notes on how it was read. */
export function inspect(bytes: ArrayBufferView | ArrayBufferLike, options?: Omit<ConvertOptions, "onNote">): Promise<Inspection>;
