/**
 * The model in JavaScript's own terms: rows as texts, arrays, objects and typed arrays; errors as `WardianError`. The wasm
 * module holds the trees and answers for numbers; what is words is here, where it is smaller. `rest.js` is the contract.
 */
import initialise, { Engine, initSync } from "./engine.js";

/**
 * How many rows pass through the module's memory at once: it stays where it is after the first thousand, however many
 * there are. A multiple of the sixteen that are evaluated together.
 */
const BLOCK = 992;
/** What Python's `float` takes for a number, less `1_000` and digits that are not ASCII. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** White space as Rust and Python cut it off; JavaScript's own counts U+FEFF and not U+0085. */
const SPACE = /^[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+|[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/g;

let memory;
let shipped;

/** Makes the module ready: from its bytes, its compiled module, a response, or the address of one. */
export async function load(source) {
  memory ??= (await initialise(source === undefined ? undefined : { module_or_path: source })).memory;
  shipped ??= new Model();
}

/** As `load`, at once, from bytes or a compiled module. */
export function loadSync(source) {
  memory ??= initSync({ module: source }).memory;
  shipped ??= new Model();
}

/** A `WardianError`. */
export function fault(code, field, message) {
  const error = new Error(field === undefined ? message : `${field}: ${message}`);
  error.name = "WardianError";
  error.code = code;
  if (field !== undefined) {
    error.field = field;
  }
  return error;
}

/** The same error about row `row` of many. */
function inRow(error, row) {
  error.message = `row ${row}, ${error.message}`;
  return error;
}

/** A foreign text made safe to print: at most 40 characters, quoted, what does not show escaped. */
function quoted(text) {
  const characters = [...text];
  const shown = characters.slice(0, 40).map((character) => {
    if (character === '"' || character === "\\") {
      return `\\${character}`;
    }
    return /[\0-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/.test(character)
      ? `\\u{${character.codePointAt(0).toString(16)}}`
      : character;
  });
  return `"${shown.join("")}"${characters.length > 40 ? "…" : ""}`;
}

/** The description that the module gives as two lists; `src/wasm.rs` says what they hold. */
function describe(engine) {
  const texts = engine.texts().values();
  const numbers = engine.numbers().values();
  const take = (list, count) => Array.from({ length: count }, () => list.next().value);
  const known = (number) => (Number.isNaN(number) ? undefined : number);
  const [name, title, outcome, link, sha256] = take(texts, 5);
  const [outputs, predictions, treeCount, splitCount, count] = take(numbers, 5);
  const features = Array.from({ length: count }, () => {
    const [name, label, unit, description] = take(texts, 4);
    const [minimum, maximum, decimals, mayBeMissing, categories, codes] = take(numbers, 6);
    return {
      name,
      label,
      unit,
      description,
      minimum: known(minimum),
      maximum: known(maximum),
      decimals: known(decimals),
      missingCodes: take(numbers, codes),
      mayBeMissing: mayBeMissing === 1,
      categories: take(texts, categories),
    };
  });
  return { name, title, outcome, features, link, outputs, predictions, treeCount, splitCount, sha256: sha256 || undefined };
}

/** A model in a `.wardian` file, and the ways to ask it. */
export class Model {
  #engine;
  #features;
  #positions;
  #outputs;
  #wide;
  #result;
  /** What the model is. */
  description;

  /** The model in these bytes; without bytes the shipped one. */
  constructor(bytes) {
    this.#engine = new Engine(bytes);
    this.description = describe(this.#engine);
    this.#features = this.description.features;
    this.#positions = new Map(this.#features.map(({ name }, index) => [name, index]));
    this.#outputs = this.description.predictions;
  }

  /** The prediction for one row, and what to know before trusting it. */
  predict(input) {
    const prediction = this.predictValue(input);
    return { prediction, warnings: this.#warnings() };
  }

  /** The prediction alone: a number, or an array where a row has several. */
  predictValue(input) {
    this.#read(input, this.#room());
    const address = this.#engine.run(1, true, 0, true);
    if (this.#result === undefined || this.#result.length === 0 || this.#result.byteOffset !== address) {
      this.#result = new Float32Array(memory.buffer, address, this.#outputs);
    }
    return this.#outputs === 1 ? this.#result[0] : Array.from(this.#result);
  }

  /** One prediction a row (several where the model gives several, row after row); errors count `before` rows more. */
  predictMany(rows, before = 0) {
    return this.#many(rows, true, before);
  }

  /** The margins: the sums of the trees, before the link. */
  marginsMany(rows, before = 0) {
    return this.#many(rows, false, before);
  }

  /** Gives the model's memory back. Nothing can be asked of it any more. */
  free() {
    this.#engine.free();
  }

  /** Where the values of one row are written. */
  #room() {
    if (this.#wide === undefined || this.#wide.length === 0) {
      const address = this.#engine.input(1, true);
      this.#wide = new Float64Array(memory.buffer, address, this.#features.length);
    }
    return this.#wide;
  }

  #read(input, values) {
    if (typeof input === "string") {
      this.#readText(input, values);
    } else if (Array.isArray(input)) {
      this.#readArray(input, values);
    } else if (input instanceof Float64Array || input instanceof Float32Array) {
      this.#checkCount(input.length);
      values.set(input);
    } else if (typeof input !== "object" || input === null) {
      throw fault("wrong_type", undefined, "a row is a string, an array or an object");
    } else if (typeof input.data === "string") {
      this.#readText(input.data, values);
    } else {
      this.#readNamed(input, values);
    }
  }

  #readArray(input, values) {
    this.#checkCount(input.length);
    for (let index = 0; index < input.length; index += 1) {
      values[index] = this.#number(index, input[index]);
    }
  }

  #readText(text, values) {
    const fields = text.split(",");
    if (fields.length === 1 && text.replace(SPACE, "") === "") {
      throw this.#empty();
    }
    this.#checkCount(fields.length);
    fields.forEach((field, index) => {
      values[index] = this.#parse(index, field.replace(SPACE, ""));
    });
  }

  #readNamed(input, values) {
    values.fill(NaN);
    let given = false;
    for (const name of Object.keys(input)) {
      const index = this.#indexOf(name);
      values[index] = this.#number(index, input[name]);
      given = true;
    }
    if (!given) {
      throw this.#empty();
    }
  }

  /** The number in a text field without white space around it. */
  #parse(index, text) {
    const { name, categories } = this.#features[index];
    const code = categories.indexOf(text);
    if (code >= 0) {
      return code;
    }
    const lower = text.toLowerCase();
    if (lower === "" || lower === "na" || /^[+-]?nan$/.test(lower)) {
      return NaN;
    }
    if (categories.length > 0) {
      throw fault("unknown_category", name, `${quoted(text)} is none of the feature's categories`);
    }
    if (NUMBER.test(text)) {
      const value = Number(text);
      if (Number.isFinite(value)) {
        return value;
      }
    } else if (!/^[+-]?inf(inity)?$/.test(lower)) {
      throw fault("not_a_number", name, `${quoted(text)} is not a number`);
    }
    throw fault("not_finite", name, `${quoted(text)} is not a finite number`);
  }

  /** A number, or `NaN` for what JavaScript has for "nothing here". */
  #number(index, value) {
    if (typeof value === "number") {
      return value;
    }
    if (value === null || value === undefined) {
      return NaN;
    }
    // "106" is a mistake worth hearing of.
    throw fault(
      "wrong_type",
      this.#features[index].name,
      `a number, null or undefined is due, not a value of type ${typeof value}`,
    );
  }

  #empty() {
    return fault("empty_input", undefined, `no values given; ${this.#features.length} are needed`);
  }

  #checkCount(count) {
    const features = this.#features;
    if (count !== features.length) {
      const first = features[count]?.name;
      const absent = first === undefined ? "" : "; this is the first that is absent";
      throw fault("wrong_field_count", first, `${features.length} values are needed, ${count} given${absent}`);
    }
  }

  #indexOf(name) {
    const index = this.#positions.get(name);
    if (index === undefined) {
      const known = this.#features.slice(0, 20).map((feature) => feature.name).join(", ");
      const more = this.#features.length > 20 ? ", …" : "";
      throw fault("unknown_field", name, `no such feature; the model has ${known}${more}`);
    }
    return index;
  }

  /** What to know of the row just predicted. */
  #warnings() {
    const values = this.#room();
    const warnings = [];
    for (let index = 0; index < this.#features.length; index += 1) {
      const { name: field, minimum, maximum, mayBeMissing, missingCodes } = this.#features[index];
      const value = values[index];
      if (Number.isNaN(value) || missingCodes.includes(value)) {
        if (!mayBeMissing) {
          const message = "not measured, but every training row had it";
          warnings.push({ code: "never_missing_in_training", field, message });
        }
      } else if (value < minimum || value > maximum) {
        const message = `${value} is outside the range seen in training, ${minimum} to ${maximum}`;
        warnings.push({ code: "outside_training_range", field, message });
      }
    }
    return warnings;
  }

  #many(rows, linked, before) {
    const width = this.#features.length;
    let count;
    let write;
    let wide = true;
    if (rows instanceof Float32Array || rows instanceof Float64Array) {
      wide = rows instanceof Float64Array;
      count = rows.length / width;
      if (!Number.isInteger(count)) {
        throw fault("wrong_field_count", undefined, `${rows.length} values are not whole rows of ${width}`);
      }
      write = (values, start, end) => values.set(rows.subarray(start * width, end * width));
    } else if (Array.isArray(rows)) {
      count = rows.length;
      write = (values, start, end) => {
        for (let row = start; row < end; row += 1) {
          try {
            this.#read(rows[row], values.subarray((row - start) * width, (row - start + 1) * width));
          } catch (error) {
            throw inRow(error, before + row + 1);
          }
        }
      };
    } else if (typeof rows === "object" && rows !== null) {
      const columns = this.#columns(rows);
      count = columns.count;
      write = (values, start, end) => columns.write(values, start, end);
    } else {
      const wanted = "rows are an array of rows, a Float32Array, a Float64Array or an object of columns";
      throw fault("wrong_type", undefined, wanted);
    }
    const outputs = linked ? this.#outputs : this.description.outputs;
    const results = new Float32Array(count * outputs);
    // A longer input may move.
    this.#wide = undefined;
    const Floats = wide ? Float64Array : Float32Array;
    for (let start = 0; start < count; start += BLOCK) {
      const end = Math.min(count, start + BLOCK);
      const input = this.#engine.input(end - start, wide);
      write(new Floats(memory.buffer, input, (end - start) * width), start, end);
      const output = this.#engine.run(end - start, wide, before + start + 1, linked);
      results.set(new Float32Array(memory.buffer, output, (end - start) * outputs), start * outputs);
    }
    return results;
  }

  /** Columns by name: how many rows they hold, and what writes rows of them. */
  #columns(named) {
    const width = this.#features.length;
    const columns = [];
    let count;
    for (const name of Object.keys(named)) {
      const index = this.#indexOf(name);
      const column = named[name];
      const typed = column instanceof Float32Array || column instanceof Float64Array;
      if (!typed && !Array.isArray(column)) {
        throw fault("wrong_type", name, "a column is an array of numbers");
      }
      count ??= column.length;
      if (column.length !== count) {
        const message = `the column has ${column.length} values; the one before it has ${count}`;
        throw fault("wrong_field_count", name, message);
      }
      columns.push([index, column]);
    }
    if (count === undefined) {
      throw fault("empty_input", undefined, "no columns given");
    }
    const write = (values, start, end) => {
      values.fill(NaN);
      for (const [index, column] of columns) {
        for (let row = start, at = index; row < end; row += 1, at += width) {
          values[at] = this.#number(index, column[row]);
        }
      }
    };
    return { count, write };
  }
}

/** How much memory the module has, in bytes. */
export const memoryBytes = () => memory.buffer.byteLength;

/** The shipped model's prediction for one row. Throws a `WardianError`. */
export const predict = (input) => shipped.predict(input);
/** One prediction of the shipped model a row. Throws a `WardianError` that names the first bad row. */
export const predictMany = (rows) => shipped.predictMany(rows);
/** What the shipped model is. */
export const model = () => shipped.description;
/** The shipped model itself. */
export const shippedModel = () => shipped;
