import type { Answers, Model, Numbers } from "./wardian.js";

export interface PoolOptions {
  /** The model's `.wardian` bytes; nothing for the shipped one. */
  bytes?: Uint8Array;
  /** The wasm module; by default the file beside this one. */
  source?: BufferSource | WebAssembly.Module | Response | Promise<Response> | URL | string;
  /** How many; by default one for each core, at most 8. */
  workers?: number;
}

export interface BatchOptions {
  /** Hears of rows as they are done. */
  onProgress?: (done: number, total: number) => void;
  /** Aborting it rejects with its reason; the pool can be used again. */
  signal?: AbortSignal;
  /** Numbers of features with categories are the categories' codes. */
  codes?: boolean;
  /** Rows' own base margins, as `RowOptions` has them. */
  baseMargin?: number | readonly number[] | Numbers;
}

/** Workers that share out the rows of a batch. Predictions come back in the order of the rows. */
export class Pool {
  private constructor();
  static start(model: Model, options?: PoolOptions): Promise<Pool>;
  readonly size: number;
  /** As the model's `predictMany`, of whole rows in a typed array. One batch at a time. */
  predictMany(values: Numbers, options?: BatchOptions): Promise<Answers>;
  marginsMany(values: Numbers, options?: BatchOptions): Promise<Answers>;
  /** Ends the workers. */
  close(): void;
}
