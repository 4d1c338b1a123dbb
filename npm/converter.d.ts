/** What may be asked of {@link convert}. */
export interface ConvertOptions {
  /** Names, units, ranges and missing codes of the inputs: the text of a `schema.json`. */
  schema?: string;
  /** Keep the trees that were grown after the best round. */
  allTrees?: boolean;
  /** Leave out what only explanations need: a smaller file. */
  noCovers?: boolean;
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
  /** Whether its rows can be explained. */
  hasCovers: boolean;
}

/**
 * The `.wardian` bytes of a model in any supported file (XGBoost's JSON and UBJSON; `.wardian` itself).
 *
 * @example
 * ```js
 * import { readFile, writeFile } from "node:fs/promises";
 * import { convert } from "wardian/convert";
 * await writeFile("model.wardian", await convert(await readFile("model.ubj")));
 * ```
 */
export function convert(bytes: Uint8Array, options?: ConvertOptions): Promise<Uint8Array>;
/** What is in a model's file: its features, outputs, trees, splits, depth, link. */
export function inspect(bytes: Uint8Array): Promise<Inspection>;
