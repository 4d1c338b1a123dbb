/** Many rows at once, in several workers. */
import { baseOf, checkOptions, fault, holdsNumbers } from "./wardian.js";

/** How many rows a worker is given at a time: enough to outweigh the message, few enough to share out and to cancel. */
const BLOCK_ROWS = 16384;
/** And how many numbers: rows of a thousand would be 64 MB, copied for each worker several times. */
const BLOCK_NUMBERS = 1 << 20;
/** How many blocks a worker has waiting, so that it never waits for the next. */
const QUEUED = 2;

async function compiled(source) {
  if (source instanceof WebAssembly.Module) {
    return source;
  }
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) {
    return WebAssembly.compile(source);
  }
  const response = await source;
  return WebAssembly.compileStreaming(response instanceof Response ? response : fetch(response));
}

/** A worker of the browser's or of Node's, spoken to alike. */
function startWorker() {
  // Node has workers of its own kind; a library may have put something else under the browser's name. Asked for in this way,
  // a bundler for browsers has nothing to look for.
  const NodeWorker = globalThis.process?.getBuiltinModule?.("node:worker_threads").Worker;
  if (NodeWorker === undefined) {
    // Bundlers know a worker by these very words.
    const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    return {
      listen: (heard, failed) => {
        worker.onmessage = ({ data }) => heard(data);
        worker.onerror = (event) => failed(new Error(event.message ?? "a worker failed; wardian's README has what bundlers need"));
      },
      post: (message, transfer) => worker.postMessage(message, transfer),
      end: () => worker.terminate(),
    };
  }
  const worker = new NodeWorker(new URL("./worker.js", import.meta.url));
  return {
    listen: (heard, failed) => {
      worker.removeAllListeners();
      worker.on("message", heard).on("error", failed);
    },
    post: (message, transfer) => worker.postMessage(message, transfer),
    end: () => worker.terminate(),
  };
}

/**
 * Workers that share out the rows of a batch. Predictions come back in the order of the rows, whichever worker was
 * faster; memory beside the input and the result is that of the blocks under way.
 */
export class Pool {
  #workers;
  #width;
  #predictions;
  #outputs;
  #bits;
  #busy = false;

  /** Use `Pool.start`. */
  constructor(workers, { features, predictions, outputs, bits }) {
    this.#workers = workers;
    this.#width = features.length;
    this.#predictions = predictions;
    this.#outputs = outputs;
    this.#bits = bits;
  }

  /**
   * A pool for `model`, whose `.wardian` bytes are `bytes` (nothing for the shipped one). `source` is the wasm module:
   * compiled, bytes, a response or an address. Of workers that cannot all be started none is left.
   */
  static async start(model, { bytes, source, workers = Math.min(8, globalThis.navigator?.hardwareConcurrency ?? 2) } = {}) {
    if (!Array.isArray(model?.description?.features)) {
      throw fault("wrong_type", undefined, "a Model is due; the shipped one's pool is Pool.start()");
    }
    if (!Number.isInteger(workers) || workers < 1) {
      throw fault("invalid_option", undefined, `workers is a whole number from 1 up, not ${workers}`);
    }
    const module = await compiled(source);
    const pool = new Pool(Array.from({ length: workers }, startWorker), model.description);
    try {
      await Promise.all(pool.#workers.map((worker) => new Promise((ready, failed) => worker.listen(ready, failed))));
    } catch (error) {
      pool.close();
      throw error;
    }
    pool.#workers.forEach((worker) => worker.post({ module, bytes }));
    return pool;
  }

  /** How many workers there are. */
  get size() {
    return this.#workers.length;
  }

  /**
   * One prediction a row of a row-major typed array (several where the model gives several). `onProgress(done, total)`
   * hears of rows as they are done; aborting `signal` rejects with its reason, and the pool can be used again at once. With
   * `codes` the numbers of categories are their codes. `baseMargin` has the rows' own base margins, one for each row and output.
   */
  predictMany(values, options) {
    return this.#run(values, true, options);
  }

  /** The margins likewise. */
  marginsMany(values, options) {
    return this.#run(values, false, options);
  }

  /** Ends the workers. */
  close() {
    for (const worker of this.#workers) {
      worker.end();
    }
    this.#workers = [];
  }

  async #run(values, linked, options) {
    checkOptions(options, ["onProgress", "signal", "codes", "baseMargin"]);
    if (!holdsNumbers(values)) {
      throw fault("wrong_type", undefined, "a pool takes whole rows of numbers in a typed array");
    }
    const total = values.length / this.#width;
    if (!Number.isInteger(total)) {
      throw fault("wrong_field_count", undefined, `${values.length} values are not whole rows of ${this.#width}`);
    }
    const base = baseOf(options, total * this.#outputs);
    if (this.#workers.length === 0 || this.#busy) {
      throw new Error(this.#busy ? "the pool is busy with another batch" : "the pool is closed");
    }
    options?.signal?.throwIfAborted();
    this.#busy = true;
    try {
      return await this.#share(values, total, linked, base, options);
    } finally {
      this.#busy = false;
    }
  }

  #share(values, total, linked, base, { onProgress, signal, codes = false } = {}) {
    const outputs = linked ? this.#predictions : this.#outputs;
    const results = new (this.#bits === 64 ? Float64Array : Float32Array)(total * outputs);
    const blockRows = Math.max(1, Math.min(BLOCK_ROWS, Math.floor(BLOCK_NUMBERS / this.#width)));
    const blocks = Math.ceil(total / blockRows);
    let [next, underWay, done] = [0, 0, 0];
    // Of several bad rows the first is named, as in one thread.
    let worst;
    return new Promise((resolve, reject) => {
      const settle = () => {
        if (underWay > 0) {
          return;
        }
        signal?.removeEventListener("abort", stop);
        if (signal?.aborted) {
          reject(signal.reason);
        } else if (worst !== undefined) {
          const { message, code, field } = worst.error;
          reject(Object.assign(fault(code, undefined, message), field === undefined ? {} : { field }));
        } else {
          resolve(results);
        }
      };
      const stop = () => {
        next = blocks;
        settle();
      };
      const give = (worker) => {
        if (next >= blocks) {
          return;
        }
        const first = next * blockRows;
        const end = Math.min(total, first + blockRows);
        const part = values.slice(first * this.#width, end * this.#width);
        const baseMargin = base?.slice(first * this.#outputs, end * this.#outputs);
        worker.post({ block: next, values: part, first, linked, codes, baseMargin }, [part.buffer]);
        next += 1;
        underWay += 1;
      };
      const hear = (worker, { block, results: part, error }) => {
        underWay -= 1;
        if (error !== undefined) {
          next = blocks;
          worst = worst === undefined || block < worst.block ? { block, error } : worst;
        } else if (!signal?.aborted) {
          results.set(part, block * blockRows * outputs);
          done += part.length / outputs;
          onProgress?.(done, total);
        }
        give(worker);
        if (next >= blocks) {
          settle();
        }
      };
      signal?.addEventListener("abort", stop);
      for (const worker of this.#workers) {
        worker.listen((message) => hear(worker, message), reject);
        for (let waiting = 0; waiting < QUEUED; waiting += 1) {
          give(worker);
        }
      }
      settle();
    });
  }
}
