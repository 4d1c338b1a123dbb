import type { FeatureName, Measurements } from "../case/case.js";
import type { BatchOptions } from "../model/pool.js";
import type { Card } from "../model/card.js";
import type { Explanation } from "../model/explain.js";
import type { Answers, Category, InUnit, Input, ModelDescription, Numbers, Prediction, RowOptions, Rows, Value } from "../model/wardian.js";

export type { Measurements } from "../case/case.js";
export type { BatchOptions } from "../model/pool.js";
export type { Card } from "../model/card.js";
export type { Explanation } from "../model/explain.js";
export type {
  Answers, Category, Feature, FeatureName, InUnit, Input, ModelDescription, Numbers, Prediction, RowOptions, Rows, Table, Value, Warning, WardianError,
} from "../model/wardian.js";

/**
 * The shipped model's prediction for one row. Throws a {@link WardianError}.
 *
 * @example
 * ```js
 * predict(@@object@@).prediction; // by name; the rest is not measured
 * ```
 */
export function predict(row: Measurements, options?: RowOptions): @@predicted@@;
/**
 * The shipped model's prediction for one row: its text, the REST contract's body, or its values in the order of
 * `model.features`. Throws a {@link WardianError}.
 *
 * @example
 * ```js
 * predict(@@text@@); // @@answer@@
 * predict(@@array@@); // null: not measured
 * predict(new FormData(form)); // the texts of fields that have the features' names
 * ```
 */
export function predict(row: @@row@@, options?: RowOptions): @@predicted@@;

/**
 * One prediction of the shipped model a row. Typed arrays of whole rows are the fast path. Throws a {@link WardianError} that
 * names the first bad row.
 *
 * @example
 * ```js
 * predictMany(@@columns@@); // a @@answers@@
 * ```
 */
export function predictMany(rows: @@rows@@, options?: RowOptions): @@answers@@;

/**
 * Why the shipped model's answer to one row is what it is: exact SHAP values on the margin's scale; with `base` they sum to
 * `margin`. Throws a {@link WardianError}.
 *
 * @example
 * ```js
 * explain(@@text@@).contributions@@contribution@@; // below 0: it lowers the margin
 * ```
 */
export function explain(row: Measurements, options?: RowOptions): @@explained@@;
export function explain(row: @@row@@, options?: RowOptions): @@explained@@;
/** For each row and output the contributions of the shipped model's features, and the base. As XGBoost's `pred_contribs`. */
export function explainMany(rows: @@rows@@, options?: RowOptions): Float64Array;

/** What the shipped model's card says. */
export interface ShippedCard extends Card {
  readonly [part: string]: unknown;
}

/**
 * What the shipped model is.
 *
 * @example
 * ```js
 * model.features.map(({ name, unit }) => `${name} ${unit}`);
 * model.sha256; // of @@name@@/@@file@@
 * ```
 */
export const model: Readonly<ModelDescription<FeatureName>> & { readonly sha256: string; readonly card: @@card-type@@ }@@about-type@@;

/**
 * The REST contract as a fetch handler. It answers every request and never throws; of a body at most 64 KiB are read. With `?explain` it
 * tells how sure an answer is, why it is what it is, and what is not known of it.
 *
 * @example
 * ```js
 * Deno.serve(handle);
 * Bun.serve({ fetch: handle });
 * addEventListener("fetch", (event) => event.respondWith(handle(event.request)));
 * ```
 */
export function handle(request: Request): Promise<Response>;

/**
 * A model in a `.wardian` file, and the ways to ask it.
 *
 * @example
 * ```js
 * const mine = new Model(await (await fetch("mine.wardian")).arrayBuffer());
 * mine.predict([0.5, null, 3]).prediction;
 * mine.predict({ age: 40, city: "Oslo" }); // a category by its name
 * ```
 */
export class Model<Name extends string = string> {
  /** The model in these bytes; without bytes the shipped one. Throws a {@link WardianError} for bytes that are no model. */
  constructor(bytes?: Uint8Array | ArrayBuffer);
  /** What the model is. */
  readonly description: ModelDescription<Name>;
  /** A copy of its file's bytes; nothing for the shipped one. */
  readonly bytes: Uint8Array | undefined;
  /** The prediction for one row, and what to know before trusting it. */
  predict(row: Input<Name, Value | InUnit | Category>, options?: RowOptions): Prediction<Name>;
  /** The prediction alone: a number, or an array where a row has several. */
  predictValue(row: Input<Name, Value | InUnit | Category>, options?: RowOptions): number | number[];
  /** `description.predictions` numbers a row, row after row. Names the first bad row. */
  predictMany(rows: Rows<Name, Value | InUnit | Category>, options?: RowOptions): Answers;
  /** `description.outputs` margins a row, the sums of the trees before the link. */
  marginsMany(rows: Rows<Name, Value | InUnit | Category>, options?: RowOptions): Answers;
  /** The name of the class that one row's prediction speaks for; nothing where the file names no classes. */
  label(prediction: number | readonly number[] | Answers): string | undefined;
  /** What writes one of its answers: the shortest decimal that reads back as the same float, laid out as Python does it. */
  readonly decimal: (value: number) => string;
  /** Why one row's answer is what it is; `no_covers` is thrown if the file does not say enough. */
  explain(row: Input<Name, Value | InUnit | Category>, options?: RowOptions): Explanation<Name>;
  /** The contributions for many rows, as XGBoost's `pred_contribs`. */
  explainMany(rows: Rows<Name, Value | InUnit | Category>, options?: RowOptions): Float64Array;
  /** The REST contract, answered with this model. */
  handle(request: Request): Promise<Response>;
  /** Gives the model's memory back. Nothing can be asked of it any more. */
  free(): void;
}

/** How a pool is started. */
export interface PoolOptions {
  /** How many workers; by default one for each core, at most 8. */
  workers?: number;
  /** The wasm module; needed with `wardian/slim` only. */
  source?: BufferSource | WebAssembly.Module | Response | Promise<Response> | URL | string;
}

/** Workers that share out the rows of a batch. Predictions come back in the order of the rows. */
export interface Pool {
  readonly size: number;
  /** As the model's `predictMany`, of whole rows in a typed array. One batch at a time. */
  predictMany(values: Numbers, options?: BatchOptions): Promise<Answers>;
  /** The margins likewise. */
  marginsMany(values: Numbers, options?: BatchOptions): Promise<Answers>;
  /** Ends the workers. */
  close(): void;
}

/**
 * Many rows at once, in several workers.
 *
 * @example
 * ```js
 * const pool = await Pool.start();
 * const predictions = await pool.predictMany(values, { onProgress: (done, total) => console.log(done / total) });
 * pool.close();
 * ```
 */
export const Pool: {
  /** A pool for `model`, by default the shipped one. */
  start(model?: Model, options?: PoolOptions): Promise<Pool>;
};
