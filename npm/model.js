/** Any model in a `.wardian` file, with all that the shipped one answers. */
import { Explainer, parts } from "./explain.js";
import { handleWith } from "./handle.js";
import { readyToExplain } from "./inside-explain.js";
import { ready } from "./inside.js";
import { Model as Plain, fault } from "./wardian.js";

/** Base margins for so many rows of a model, one for each output, as 32-bit floats. They stand in the place of its base score. */
function checked(given, rows, { outputs }) {
  const values = typeof given === "number" ? [given] : given;
  if (!Array.isArray(values) && !(values instanceof Float32Array) && !(values instanceof Float64Array)) {
    throw fault("wrong_type", undefined, "base margins are a number, an array of numbers, a Float32Array or a Float64Array");
  }
  if (values.length !== rows * outputs) {
    throw fault("wrong_field_count", undefined, `${values.length} base margins for ${rows} rows of ${outputs} outputs`);
  }
  const own = new Float32Array(values.length);
  for (let index = 0; index < own.length; index += 1) {
    own[index] = values[index];
    if (typeof values[index] !== "number" || !Number.isFinite(own[index])) {
      const row = Math.floor(index / outputs) + 1;
      throw fault("not_finite", undefined, `row ${row}: a base margin is not a finite number`);
    }
  }
  return own;
}

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

  /**
   * The prediction alone, from the row's own `baseMargin` where that is given: a number, or one for each output. It stands in
   * the place of the model's base score. `predict` asks here.
   */
  predictValue(input, { baseMargin } = {}) {
    const own = baseMargin === undefined ? undefined : checked(baseMargin, 1, this.description);
    return super.predictValue(input, { baseMargin: own });
  }

  /** As the model's without, from the rows' own `baseMargins` where those are given: one for each output, row after row. */
  predictMany(rows, options) {
    return super.predictMany(rows, this.#checked(rows, options));
  }

  /** The margins likewise. */
  marginsMany(rows, options) {
    return super.marginsMany(rows, this.#checked(rows, options));
  }

  /** Why one row's answer is what it is. */
  explain(input, options) {
    return this.#explaining().explain(input, options);
  }

  /** The contributions for many rows, as XGBoost's `pred_contribs`. */
  explainMany(rows, options) {
    return this.#explaining().explainMany(rows, this.#checked(rows, options));
  }

  /** The REST contract, answered with this model. */
  handle(request) {
    return handleWith(this, request);
  }

  #checked(rows, { baseMargins, ...rest } = {}) {
    // What is no rows is refused in other words than that base margins do not fit.
    const count = baseMargins === undefined ? undefined : parts(rows, this.description.features.length).count;
    return count === undefined ? rest : { ...rest, baseMargins: checked(baseMargins, count, this.description) };
  }

  #explaining() {
    if (this.#explainer === undefined) {
      readyToExplain();
      this.#explainer = new Explainer(this, this.bytes);
    }
    return this.#explainer;
  }
}
