/** Any model in a `.wardian` file, with all that the shipped one answers. */
import { Explainer } from "./explain.js";
import { handleWith } from "./handle.js";
import { readyToExplain } from "./inside-explain.js";
import { ready } from "./inside.js";
import { columnsOf } from "./tables.js";
import { Model as Plain } from "./wardian.js";

export { columnsOf, handleWith };

/** A model in a `.wardian` file, and the ways to ask it. */
export class Model extends Plain {
  #explainer;
  /** A copy of the model's file, which workers and explanations are made of. */
  bytes;

  /** The model in these bytes; without bytes the shipped one. */
  constructor(bytes) {
    ready();
    super(bytes);
    if (bytes !== undefined) {
      const { buffer, byteOffset, byteLength } = ArrayBuffer.isView(bytes) ? bytes : new Uint8Array(bytes);
      this.bytes = new Uint8Array(buffer, byteOffset, byteLength).slice();
    }
  }

  /** Why one row's answer is what it is. */
  explain(input, options) {
    return this.#explaining().explain(input, options);
  }

  /** The contributions for many rows, as XGBoost's `pred_contribs`. */
  explainMany(rows, options) {
    return this.#explaining().explainMany(columnsOf(rows), options);
  }

  /** As any model's; rows may also be a table of Apache Arrow. */
  predictMany(rows, options) {
    return super.predictMany(columnsOf(rows), options);
  }

  /** The margins likewise. */
  marginsMany(rows, options) {
    return super.marginsMany(columnsOf(rows), options);
  }

  /** The REST contract, answered with this model. */
  handle(request) {
    return handleWith(this, request);
  }

  #explaining() {
    if (this.#explainer === undefined) {
      readyToExplain();
      this.#explainer = new Explainer(this, this.bytes);
    }
    return this.#explainer;
  }
}
