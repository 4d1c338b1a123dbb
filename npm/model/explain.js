/**
 * Why a model answers what it answers: what each feature adds to the margin. The trees are weighed in a wasm module of its
 * own, which nobody downloads who does not ask why; `src/bindings/explain.rs` is the other side.
 */
import { at, baseOf, engine, fault, instantiated, instantiatedSync, shippedModel, textAt } from "./wardian.js";

/** How many rows are explained at a time, and how many contributions, so that memory does not grow with the rows. */
const BLOCK_ROWS = 992;
const BLOCK_NUMBERS = 1 << 20;

/** What the module that explains exports. */
let explaining;
let shipped;
/** The bytes of the shipped model, where it is none of the module's own. */
let shippedBytes;

/** Makes the module ready: from its bytes, its compiled module, a response, or the address of one. `bytes` are those that `load` was given. */
export async function loadExplainer(source, bytes) {
  shippedBytes = bytes;
  explaining ??= await instantiated(source);
}

/** As `loadExplainer`, at once, from bytes or a compiled module. */
export function loadExplainerSync(source, bytes) {
  shippedBytes = bytes;
  explaining ??= instantiatedSync(source);
}

/** The number of the model in these bytes, as the module that explains counts. */
function opened(bytes) {
  const address = explaining.room(Math.ceil(bytes.length / 4));
  at(Uint8Array, address, bytes.length, explaining).set(bytes);
  const number = explaining.open(bytes.length);
  if (number === 0) {
    const [code, message] = textAt(explaining.failure(), explaining.failure_length(), explaining).split("\0");
    throw fault(code, undefined, message);
  }
  return number;
}

/** Numbers of models that nobody can reach any more are given back. */
const forgotten = new FinalizationRegistry((number) => explaining.close?.(number));

/** What explains the rows of one model. */
export class Explainer {
  #model;
  #number;
  #names;
  #outputs;

  /** For `model` of a module, whose `.wardian` bytes are `bytes` (nothing for the shipped one). The module that explains must have been loaded. */
  constructor(model, bytes, module = engine) {
    const { features, outputs } = model.description;
    this.#model = model;
    this.#names = features.map(({ name }) => name);
    this.#outputs = outputs;
    // The SHA-256 in 64 digits, and then the bytes.
    this.#number = opened(bytes ?? at(Uint8Array, module.shipped() + 64, explaining.shipped_length(), module));
    forgotten.register(this, this.#number);
  }

  /** Why one row's answer is what it is. A model of several outputs has a margin, a base and contributions for each. */
  explain(input, options) {
    const { prediction, warnings } = this.#model.predict(input, options);
    const width = this.#names.length;
    // The row is still in the room, and its base margins.
    const { module, number, Answers } = this.#model;
    const margins = at(Answers, module.run(number, 1, false, options?.baseMargin !== undefined), this.#outputs, module);
    const parts = this.#contributions(width);
    const each = Array.from(margins, (margin, output) => this.#named(margin, parts.subarray(output * width, (output + 1) * width)));
    if (this.#outputs === 1) {
      const [{ margin, base, contributions }] = each;
      return { prediction, margin, base, contributions, warnings };
    }
    const all = (part) => each.map((output) => output[part]);
    return { prediction, margin: all("margin"), base: all("base"), contributions: all("contributions"), warnings };
  }

  #named(margin, parts) {
    // A feature may be called as what every object has: `__proto__`.
    const contributions = Object.fromEntries(this.#names.map((name, index) => [name, parts[index]]));
    return { margin, base: baseBeside(margin, parts), contributions };
  }

  /** For each row and output the contribution of each feature, and then the base: laid out as XGBoost's `pred_contribs`. */
  explainMany(rows, options) {
    const [width, outputs] = [this.#names.length, this.#outputs];
    const { count, part } = parts(rows, width);
    if (count === undefined) {
      // What is no rows is refused in the words of predicting.
      this.#model.marginsMany(rows, options);
    }
    const base = baseOf(options, count * outputs);
    const all = new Float64Array(count * outputs * (width + 1));
    const step = Math.max(1, Math.min(BLOCK_ROWS, Math.floor(BLOCK_NUMBERS / (width * outputs))));
    for (let start = 0, place = 0; start < count; start += step) {
      const end = Math.min(count, start + step);
      const own = base ? { ...options, baseMargin: base.subarray(start * outputs, end * outputs) } : options;
      const margins = this.#model.marginsMany(part(start, end), own, start);
      const contributions = this.#contributions((margins.length / outputs) * width);
      for (const [index, margin] of margins.entries()) {
        const each = contributions.subarray(index * width, (index + 1) * width);
        all.set(each, place);
        all[place + width] = baseBeside(margin, each);
        place += width + 1;
      }
    }
    return all;
  }

  /** The contributions for the rows that the module that predicts has in its room, `count` values in all. */
  #contributions(count) {
    const { module, Values } = this.#model;
    // Of 64-bit values what the trees see of them.
    const rows = at(Float32Array, Values === Float32Array ? module.room(count) : module.narrowed(), count, module);
    at(Float32Array, explaining.room(count), count, explaining).set(rows);
    const address = explaining.explain(this.#number, count / this.#names.length);
    return at(Float64Array, address, count * this.#outputs, explaining);
  }
}

/** What the contributions leave of the margin: the mean margin of the training data, and the row's rounding. */
function baseBeside(margin, contributions) {
  let sum = 0;
  for (let index = 0; index < contributions.length; index += 1) {
    sum += contributions[index];
  }
  return margin - sum;
}

/** How many rows there are in any form of many, and what takes some of them; nothing if they are not rows. */
function parts(rows, width) {
  if (ArrayBuffer.isView(rows)) {
    const count = rows.length / width;
    return { count: Number.isInteger(count) ? count : undefined, part: (start, end) => rows.subarray(start * width, end * width) };
  }
  if (Array.isArray(rows)) {
    return { count: rows.length, part: (start, end) => rows.slice(start, end) };
  }
  const columns = rows instanceof Map ? [...rows] : Object.entries(rows ?? {});
  const isColumn = (column) => Array.isArray(column) || ArrayBuffer.isView(column);
  const lengths = new Set(columns.map(([, column]) => (isColumn(column) ? column.length : undefined)));
  return {
    count: lengths.size === 1 ? lengths.values().next().value : undefined,
    part: (start, end) => Object.fromEntries(columns.map(([name, column]) => [name, column.slice(start, end)])),
  };
}

function shippedExplainer() {
  if (explaining === undefined) {
    throw new Error("explanations are not loaded yet: await loadExplainer() first");
  }
  shipped ??= new Explainer(shippedModel(), shippedBytes);
  return shipped;
}

/** Why the shipped model's answer to one row is what it is. Throws a `WardianError`. */
export const explain = (input, options) => shippedExplainer().explain(input, options);
/** The contributions for many rows of the shipped model. Throws a `WardianError` that names the first bad row. */
export const explainMany = (rows, options) => shippedExplainer().explainMany(rows, options);
