/**
 * The model in JavaScript's own terms: rows as texts, arrays, objects and typed arrays; errors as `WardianError`. The wasm
 * module holds the trees and answers for numbers; what is words is here, where it is smaller. `rest.js` is the contract.
 */
import { at, engine, instantiated, instantiatedSync, memoryBytes, room, start, startSync, textAt, textOf } from "./engine.js";

/**
 * How many rows pass through the module's memory at once: it stays where it is after the first thousand, however many
 * there are. A multiple of the sixteen that are evaluated together.
 */
const BLOCK = 992;
/** What Python's `float` takes for a number, less `1_000` and digits that are not ASCII. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** White space as Rust and Python cut it off; JavaScript's own counts U+FEFF and not U+0085. */
const SPACE = /^([^\S\ufeff]|\x85)+|([^\S\ufeff]|\x85)+$/g;

const trimmed = (text) => text.replace(SPACE, "");
/** The number that a text is; no number where it is none. */
const numberOf = (text) => (NUMBER.test(trimmed(text)) ? +trimmed(text) : NaN);

/** The truths that files and JSON write, as Python calls them. */
const TRUTHS = { true: "True", TRUE: "True", false: "False", FALSE: "False" };

/**
 * Whether all names of categories are numbers, or truths, and the code of the one that a text is the name of: as it is, but for white
 * space, or but for how its number or its truth is written. `src/field.rs` is the same in Rust.
 */
function namesOf(categories) {
  const codes = new Map(categories.map((name, code) => [name, code]));
  const alike = (way, text) => categories.flatMap((name, code) => (way(name) === way(text) ? code : []));
  const areTruths = categories.every((name) => /^(True|False)$/.test(name));
  return {
    areTruths,
    areNumbers: categories.every((name) => /\d/.test(name) && String(Number(name)) === name),
    codeOf: (text) =>
      codes.get(text) ??
      [trimmed, numberOf].map((way) => alike(way, text)).find(({ length }) => length === 1)?.[0] ??
      (areTruths ? codes.get(TRUTHS[trimmed(text)]) : undefined),
  };
}

/**
 * The fields between a text's commas; one in quotes holds commas, and a quote as two. A quote that does not end before a comma is a sign like
 * any other. `src/field.rs` is the same in Rust.
 */
function separated(text) {
  const pieces = text.split(",");
  if (!text.includes('"')) {
    return pieces;
  }
  const fields = [];
  for (let start = 0; start < pieces.length; start += 1) {
    let [field, end, quotes] = [pieces[start], start, 0];
    if (trimmed(field).startsWith('"')) {
      for (; end < pieces.length && (quotes += pieces[end].split('"').length - 1) % 2 > 0; end += 1);
      const whole = trimmed(pieces.slice(start, end + 1).join(","));
      const parts = whole.slice(1, -1).split('""');
      if (quotes % 2 === 0 && whole.endsWith('"') && !parts.some((part) => part.includes('"'))) {
        [field, start] = [parts.join('"'), end];
      }
    }
    fields.push(field);
  }
  return fields;
}

/** The texts of a form's fields by name. */
function fieldsOf(form) {
  const fields = Object.create(null);
  for (const [name, text] of form) {
    if (Object.hasOwn(fields, name) || typeof text !== "string") {
      throw fault("wrong_type", name, "one text is due");
    }
    fields[name] = text;
  }
  return fields;
}

/** The links in the order of their numbers in a file. */
const LINKS = [
  "identity",
  "logistic",
  "exponential",
  "softmax",
  "class (largest margin)",
  "hinge (margin above 0)",
  "uncapped logistic",
  "expectiles",
  "sorted",
];

let shipped;

/**
 * Makes the module ready: from its bytes, its compiled module, a response, or the address of one. With `bytes` the model in them is
 * the shipped one, a `Kind` of model.
 */
export async function load(source, bytes, Kind = Model) {
  if (engine === undefined) {
    await start(source);
  }
  shipped ??= new Kind(bytes);
}

/** As `load`, at once, from bytes or a compiled module. */
export function loadSync(source, bytes, Kind = Model) {
  if (engine === undefined) {
    startSync(source);
  }
  shipped ??= new Kind(bytes);
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

/** What a value is of: `Map`, `Date`; `Object` where it says nothing else. Of another frame it is no instance of this one's. */
const kindOf = (value) => (value?.getChild ? "Table" : Object.prototype.toString.call(value).slice("[object ".length, -1));

/** What to do with what may hold a row, and is none. */
const ADVICE = {
  ArrayBuffer: ": new Float32Array(buffer)",
  BigInt64Array: ": Float64Array.from(values, Number)",
  Promise: ": await it first",
  Table: ": see predictMany of wardian",
};

/** The error about something that is not `what`. */
function wrongType(what, value) {
  const kind = kindOf(value);
  return fault("wrong_type", undefined, `${what} due, not a value of type ${kind}${ADVICE[kind] ?? ""}`);
}

/** Whether this is a typed array of numbers; those of 64-bit integers have none that calculate with others. */
export const holdsNumbers = (value) =>
  ArrayBuffer.isView(value) && typeof (value[0] ?? value.BYTES_PER_ELEMENT) === "number";

/** An option that is not there would change nothing, and say nothing. */
export function checkOptions(options, known) {
  for (const name of Object.keys(options ?? {})) {
    if (!known.includes(name)) {
      throw fault("invalid_option", undefined, `there is no option ${quoted(name)}; there are ${known.join(", ")}`);
    }
  }
}

/** Whether numbers are to be taken for codes of categories. */
const takesCodes = (options) => options && (checkOptions(options, ["codes", "baseMargin"]), options.codes);

/** The base margins that the options give, where they do: so many. */
export function baseOf(options, due) {
  const given = options?.baseMargin;
  if (given === undefined) {
    return;
  }
  // What is no number would become one: null is 0.
  const base = Float32Array.from(given?.length === undefined ? [given] : given, (value) => (typeof value === "number" ? value : NaN));
  if (base.length !== due || !base.every(Number.isFinite)) {
    throw fault("invalid_option", undefined, `baseMargin: ${due} finite numbers are due`);
  }
  return base;
}

/** The same error about row `row` of many. */
function inRow(error, row) {
  error.message = `row ${row}${error.field ? "," : ":"} ${error.message}`;
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

/** The number of the model that a module reads from these bytes; without bytes of the shipped one. */
function opened(bytes, module) {
  let length = 0;
  if (bytes !== undefined) {
    const given = ArrayBuffer.isView(bytes) ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength) : new Uint8Array(bytes);
    length = given.length;
    if (length === 0) {
      throw fault("invalid_model", undefined, "these are no bytes");
    }
    const words = Math.ceil(length / 4);
    // A sealed module has room for rows of its own model, and may have none for another.
    if (module.room(words) > 0) {
      const { buffer, byteOffset } = room(words, module);
      new Uint8Array(buffer, byteOffset).set(given);
    }
  }
  const number = module.open(length);
  if (number === 0) {
    const [code, message] = textAt(module.failure(), module.failure_length(), module).split("\0");
    throw fault(code || "unsupported_model", undefined, message ?? "this module is sealed around its own model");
  }
  return number;
}

/** Where in a model's facts its features begin: `src/bindings/predict.rs` says what stands before them. */
const FEATURES = 9;
/**
 * Which of a feature's numbers are its least and largest value in training, its flags, how many categories it has,
 * and how many codes for missing values follow.
 */
const [MINIMUM, MAXIMUM, FLAGS, CATEGORIES, CODES] = [0, 1, 3, 4, 5];
/** What the flags say: whether a feature may be missing, and whether categories that training did not see have an answer. */
const [MAY_BE_MISSING, TAKES_UNSEEN] = [4, 16];

/** What stands beside the link's number, where answers and values are 64-bit floats. */
const [WIDE_ANSWERS, WIDE_VALUES] = [256, 512];

/** A copy of the numbers that a module knows of a model. */
function facts(number, module) {
  const address = module.facts(number);
  return at(Float64Array, address, at(Float64Array, address, 1, module)[0], module).slice();
}

/** The description of a model, taken from its numbers and the bytes of its texts. */
function describe(facts, bytes, sha256) {
  const [, , , outputs, predictions, treeCount, splitCount, kind, count, ...rest] = facts;
  let texts;
  try {
    texts = textOf(bytes).split("\0");
  } catch {
    throw fault("invalid_model", undefined, "a text is not UTF-8");
  }
  // The last are the classes' names.
  const classes = texts.splice(texts.length - (kind >> 10));
  const known = (number) => (Number.isNaN(number) ? undefined : number);
  const [name, title, outcome] = texts.splice(0, 3);
  const features = Array.from({ length: count }, () => {
    const [name, label, unit, description] = texts.splice(0, 4);
    const [minimum, maximum, decimals, flags, categories, codes] = rest.splice(0, 6);
    return {
      name,
      label,
      unit,
      description,
      minimum: known(minimum),
      maximum: known(maximum),
      decimals: known(decimals),
      missingCodes: rest.splice(0, codes),
      mayBeMissing: (flags & MAY_BE_MISSING) > 0,
      categories: texts.splice(0, categories),
      takesUnseen: flags >= TAKES_UNSEEN,
    };
  });
  // As many texts as there should be, and names that tell the features apart.
  const names = new Set(features.map((feature) => feature.name?.trim() && feature.name));
  if (texts.length > 0 || names.size < count || names.has(undefined) || names.has("")) {
    throw fault("invalid_model", undefined, "a feature has no name of its own, or texts are absent or too many");
  }
  return {
    name,
    title,
    outcome,
    features,
    link: LINKS[kind & 255] ?? kind & 255,
    classes,
    bits: kind & WIDE_ANSWERS ? 64 : 32,
    outputs,
    predictions,
    treeCount,
    splitCount,
    sha256,
  };
}

/** Models that nobody can reach any more are given back. */
const forgotten = new FinalizationRegistry(([module, number]) => module.close(number));

/** A model in a `.wardian` file, and the ways to ask it. */
export class Model {
  /** The module that has it, and its number there. */
  module;
  number;
  /** What the module knows of it: numbers, and the bytes of its texts. */
  #facts;
  #texts;
  /** What is made of them when it is first asked for: a page's first prediction needs none of it. */
  #description;
  #positions;
  #width;
  #outputs;
  /** The types of its answers, and of its rows. */
  Answers;
  Values;
  /** Where among the numbers each feature's are. */
  #places = [];
  /** Index and value of each missing code. */
  #codes = [];
  /** Which features have categories with names, and those of which were asked for. */
  #categorical = [];
  #named = [];
  /** The values of the row asked last, as they were given. */
  #row;
  #result;

  /** The model in these bytes, opened by a module of `engine.js`; without bytes the shipped one. */
  constructor(bytes, module = engine) {
    this.module = module;
    this.number = opened(bytes, module);
    forgotten.register(this, [module, this.number], this);
    this.#facts = facts(this.number, module);
    const [, address, length, , outputs, , , kind, width] = this.#facts;
    this.Answers = kind & WIDE_ANSWERS ? Float64Array : Float32Array;
    this.Values = kind & WIDE_VALUES ? Float64Array : Float32Array;
    this.#texts = at(Uint8Array, address, length, module).slice();
    this.#outputs = outputs;
    this.#width = width;
    for (let index = 0, place = FEATURES; index < width; index += 1) {
      this.#places.push(place);
      if (this.#facts[place + CATEGORIES] > 0) {
        this.#categorical.push(index);
      }
      const end = place + CODES + 1 + this.#facts[place + CODES];
      for (const code of this.#facts.subarray(place + CODES + 1, end)) {
        // In 32 bits 0.1 is another number.
        new Set([code, Math.fround(code)]).forEach((own) => this.#codes.push([index, own]));
      }
      place = end;
    }
    this.#row = new Float64Array(width);
    if (bytes !== undefined) {
      // To hear now of what is wrong with it.
      this.#description = describe(this.#facts, this.#texts);
    }
  }

  /** What the model is. */
  get description() {
    return (this.#description ??= describe(this.#facts, this.#texts, textAt(this.module.shipped(), 64, this.module)));
  }

  /** The prediction for one row, and what to know before trusting it. With the option `codes` a number is a category's code. */
  predict(input, options) {
    const prediction = this.predictValue(input, options);
    return { prediction, warnings: this.#warnings() };
  }

  /** The prediction alone: a number, or an array where a row has several. */
  predictValue(input, options) {
    const row = this.#row;
    this.#read(input, row, 0, takesCodes(options));
    const address = this.#run(row, 1, true, options && baseOf(options, this.description.outputs));
    if (address === 0) {
      throw this.#refusal(row)[0];
    }
    // Where the memory has grown since, the view of what it was has neither length nor place.
    if (this.#result?.byteOffset !== address) {
      this.#result = at(this.Answers, address, this.#outputs, this.module);
    }
    return this.#outputs === 1 ? this.#result[0] : Array.from(this.#result);
  }

  /** One prediction a row (several where the model gives several, row after row); errors count `before` rows more. */
  predictMany(rows, options, before = 0) {
    return this.#many(rows, true, options, before);
  }

  /** The margins: the sums of the trees, before the link. */
  marginsMany(rows, options, before = 0) {
    return this.#many(rows, false, options, before);
  }

  /** Gives the model's memory back. Nothing can be asked of it any more. */
  free() {
    forgotten.unregister(this);
    this.module.close(this.number);
    this.number = 0;
  }

  /** The address of the results for so many rows of values as they were given, and their base margins. */
  #run(values, count, linked, base) {
    // The module that is sealed around the shipped model has no room for base margins.
    if (base && !this.module.narrowed) {
      throw fault("unsupported_model", undefined, "for the shipped model baseMargin is taken by new Model()");
    }
    const rows = room(values.length + (base?.length ?? 0), this.module, this.Values);
    // For a few numbers `set` takes longer than they do.
    if (values.length > 64) {
      rows.set(values);
    } else {
      for (let index = 0; index < values.length; index += 1) {
        rows[index] = values[index];
      }
    }
    const width = this.#width;
    for (const [index, code] of this.#codes) {
      for (let place = index; place < values.length; place += width) {
        if (values[place] === code) {
          rows[place] = NaN;
        }
      }
    }
    if (base) {
      rows.set(base, values.length);
    }
    return this.module.run(this.number, count, linked, !!base);
  }

  /** Writes a row to `values` from index `start` on. */
  #read(input, values, start, codes) {
    if (typeof input === "string") {
      this.#readText(input, values, start);
    } else if (Array.isArray(input) || holdsNumbers(input)) {
      this.#checkCount(input.length);
      if (input.length > 64 && ArrayBuffer.isView(input)) {
        values.set(input, start);
      } else {
        for (let index = 0; index < input.length; index += 1) {
          const value = input[index];
          values[start + index] = typeof value === "number" ? value : this.#numeric(index, value, codes);
        }
      }
      for (const index of codes ? [] : this.#categorical) {
        if (typeof input[index] === "number") {
          values[start + index] = this.#code(index, input[index]);
        }
      }
    } else {
      this.#readNamed(input, values, start, codes);
    }
  }

  #readText(text, values, start) {
    const fields = separated(text);
    if (fields.length === 1 && text.replace(SPACE, "") === "") {
      throw this.#empty();
    }
    this.#checkCount(fields.length);
    fields.forEach((field, index) => {
      values[start + index] = this.#parse(index, field);
    });
  }

  #readNamed(input, values, start, codes) {
    const kind = kindOf(input);
    const isForm = /^(FormData|URLSearchParams)$/.test(kind);
    if (!isForm && !/^(Map|Object)$/.test(kind)) {
      throw wrongType("a row (text, array, object) is", input);
    }
    if (typeof input.data === "string" && kind === "Object" && !this.#hasFeature("data")) {
      this.#readText(input.data, values, start);
      return;
    }
    values.fill(NaN, start, start + this.#width);
    const named = kind === "Object" ? input : isForm ? fieldsOf(input) : Object.fromEntries(input);
    let given = false;
    for (const name of Object.keys(named)) {
      const index = this.#indexOf(name);
      values[start + index] = isForm ? this.#parse(index, named[name]) : this.#numeric(index, named[name], codes);
      given = true;
    }
    if (!given) {
      throw this.#empty();
    }
  }

  /** The number in a text field. */
  #parse(index, field) {
    const text = trimmed(field);
    const { name, categories } = this.description.features[index];
    const code = categories.length > 0 ? this.#names(index).codeOf(field) : undefined;
    if (code !== undefined) {
      return code;
    }
    if (/^(|na|[+-]?nan)$/i.test(text)) {
      return NaN;
    }
    if (categories.length > 0) {
      return this.#unseen(index, text);
    }
    const value = /^[+-]?inf(inity)?$/i.test(text) ? Infinity : numberOf(text);
    if (Number.isFinite(value)) {
      return value;
    }
    throw Number.isNaN(value) ? fault("not_a_number", name, `${quoted(text)} is not a number`) : fault("not_finite", name, `${quoted(text)} is not a finite number`);
  }

  /** A number, or `NaN` for what JavaScript has for "nothing here". */
  #numeric(index, value, codes) {
    const isCategory = this.#facts[this.#places[index] + CATEGORIES] > 0;
    if (typeof value === "number" && (codes || !isCategory)) {
      return value;
    }
    if (value === null || value === undefined) {
      return NaN;
    }
    const { name } = this.description.features[index];
    if (value.unit) {
      // What `wardian/units` leaves here when it is imported: its table is 1 KB that few need.
      const inUnit = globalThis["wardian/units"];
      if (inUnit) {
        return inUnit(this, name, value);
      }
      throw fault("wrong_type", name, 'import "wardian/units" first');
    }
    if (isCategory) {
      return typeof value.code === "number" ? value.code : this.#code(index, value);
    }
    if (typeof value === "boolean") {
      // As trainers take truths.
      return +value;
    }
    // "106" is a mistake worth hearing of.
    throw fault("wrong_type", name, `a number, null or undefined is due, not a value of type ${typeof value}`);
  }

  /** The code of the category of this name; where names are numbers, also of this number, which is the trainer's value. */
  #code(index, value) {
    const { areNumbers, areTruths, codeOf } = this.#names(index);
    const isNumber = typeof value === "number";
    if (isNumber ? areNumbers : typeof value === "string" || (areTruths && typeof value === "boolean")) {
      const text = String(value);
      const code = codeOf(text);
      if (code !== undefined || this.#isMissing(index, value)) {
        return code ?? NaN;
      }
      return this.#unseen(index, text);
    }
    if (this.#isMissing(index, value)) {
      return NaN;
    }
    const what = isNumber ? `${value}, which { codes: true } takes for a code` : `a value of type ${typeof value}`;
    throw fault("wrong_type", this.description.features[index].name, `a category's name, null or undefined is due, not ${what}`);
  }

  /** The code of a category that training did not see, where it has an answer. */
  #unseen(index, text) {
    const { name, categories, takesUnseen } = this.description.features[index];
    if (takesUnseen) {
      return categories.length;
    }
    throw fault("unknown_category", name, `${quoted(text)} is none of the feature's categories`);
  }

  #names(index) {
    return (this.#named[index] ??= namesOf(this.description.features[index].categories));
  }

  /** The error about the first value that is infinite for the model. */
  #refusal(values) {
    const width = this.#width;
    const index = values.findIndex(
      (value, index) => !Number.isFinite(Math.fround(value)) && !this.#isMissing(index % width, value),
    );
    if (index < 0) {
      // A dart that counts base margins for every tree, another trainer's model, or one that was given back.
      throw fault("unsupported_model", undefined, "the model takes no baseMargin, or was freed");
    }
    const what = Number.isFinite(values[index]) ? "beyond the range of a 32-bit float" : "infinite";
    const { name } = this.description.features[index % width];
    return [fault("not_finite", name, `the value is ${what}`), Math.floor(index / width)];
  }

  #empty() {
    return fault("empty_input", undefined, `no values given; ${this.#width} are needed`);
  }

  #checkCount(count) {
    if (count !== this.#width) {
      const first = this.description.features[count]?.name;
      const absent = first === undefined ? "" : "; this is the first that is absent";
      throw fault("wrong_field_count", first, `${this.#width} values are needed, ${count} given${absent}`);
    }
  }

  #hasFeature(name) {
    this.#positions ??= new Map(this.description.features.map(({ name }, index) => [name, index]));
    return this.#positions.has(name);
  }

  #indexOf(name) {
    if (!this.#hasFeature(name)) {
      const { features } = this.description;
      const known = features.slice(0, 20).map((feature) => feature.name).join(", ");
      const more = features.length > 20 ? ", …" : "";
      throw fault("unknown_field", name, `no such feature; the model has ${known}${more}`);
    }
    return this.#positions.get(name);
  }

  /** Whether a value of a feature stands for one that was not measured. */
  #isMissing(index, value) {
    const codes = this.#places[index] + CODES;
    for (let place = codes + this.#facts[codes]; place > codes; place -= 1) {
      if ([this.#facts[place], Math.fround(this.#facts[place])].includes(value)) {
        return true;
      }
    }
    return Number.isNaN(value);
  }

  /** What to know of the row just predicted. */
  #warnings() {
    const facts = this.#facts;
    const warnings = [];
    const warn = (code, index, message) => warnings.push({ code, field: this.description.features[index].name, message });
    for (let index = 0; index < this.#width; index += 1) {
      const value = this.#row[index];
      const place = this.#places[index];
      if (this.#isMissing(index, value)) {
        if ((facts[place + FLAGS] & MAY_BE_MISSING) === 0) {
          warn("never_missing_in_training", index, "not measured, but every training row had it");
        }
      } else if (facts[place + FLAGS] >= TAKES_UNSEEN && value >= facts[place + CATEGORIES]) {
        warn("unseen_category", index, "a category that training did not see");
      } else if (value < facts[place + MINIMUM] || value > facts[place + MAXIMUM]) {
        const range = `${facts[place + MINIMUM]} to ${facts[place + MAXIMUM]}`;
        warn("outside_training_range", index, `${value} is outside the range seen in training, ${range}`);
      }
    }
    return warnings;
  }

  #many(rows, linked, options, before) {
    const width = this.#width;
    const codes = takesCodes(options);
    let count;
    // Gives the values of some rows.
    let take;
    const block = (write) => {
      const values = new Float64Array(Math.min(count, BLOCK) * width);
      return (start, end) => {
        write(values, start, end);
        return values.subarray(0, (end - start) * width);
      };
    };
    const oneByOne = (values, start, end) => {
      for (let row = start; row < end; row += 1) {
        try {
          this.#read(isFlat ? rows.subarray(row * width, (row + 1) * width) : rows[row], values, (row - start) * width, codes);
        } catch (error) {
          throw inRow(error, before + row + 1);
        }
      }
    };
    const isFlat = holdsNumbers(rows);
    if (isFlat) {
      count = rows.length / width;
      if (!Number.isInteger(count)) {
        throw fault("wrong_field_count", undefined, `${rows.length} values are not whole rows of ${width}`);
      }
      const isPlain = codes || this.#categorical.length === 0;
      take = isPlain ? (start, end) => rows.subarray(start * width, end * width) : block(oneByOne);
    } else if (Array.isArray(rows)) {
      count = rows.length;
      take = block(oneByOne);
    } else if (/^(Map|Object)$/.test(kindOf(rows))) {
      const columns = this.#columns(kindOf(rows) === "Map" ? Object.fromEntries(rows) : rows, codes, before);
      count = columns.count;
      take = block(columns.write);
    } else {
      throw wrongType("rows (an array, or columns) are", rows);
    }
    const { outputs: margins } = this.description;
    const outputs = linked ? this.#outputs : margins;
    const base = baseOf(options, count * margins);
    const results = new this.Answers(count * outputs);
    for (let start = 0; start < count; start += BLOCK) {
      const end = Math.min(count, start + BLOCK);
      const values = take(start, end);
      const address = this.#run(values, end - start, linked, base?.subarray(start * margins, end * margins));
      if (address === 0) {
        const [error, row] = this.#refusal(values);
        throw inRow(error, before + start + row + 1);
      }
      results.set(at(this.Answers, address, (end - start) * outputs, this.module), start * outputs);
    }
    return results;
  }

  /** Columns by name: how many rows they hold, and what writes rows of them. */
  #columns(named, codes, before) {
    const width = this.#width;
    const columns = [];
    let count;
    for (const name of Object.keys(named)) {
      const index = this.#indexOf(name);
      const column = named[name];
      if (!holdsNumbers(column) && !Array.isArray(column)) {
        throw fault("wrong_type", name, "a column is an array of values");
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
        const isPlain = codes || !this.#categorical.includes(index);
        let row = start;
        try {
          for (let at = index; row < end; row += 1, at += width) {
            const value = column[row];
            values[at] = isPlain && typeof value === "number" ? value : this.#numeric(index, value, codes);
          }
        } catch (error) {
          throw inRow(error, before + row + 1);
        }
      }
    };
    return { count, write };
  }
}

export { at, engine, instantiated, instantiatedSync, memoryBytes, room, textAt };

/** The shipped model's prediction for one row. Throws a `WardianError`. */
export const predict = (input, options) => shipped.predict(input, options);
/** One prediction of the shipped model a row. Throws a `WardianError` that names the first bad row. */
export const predictMany = (rows, options) => shipped.predictMany(rows, options);
/** What the shipped model is. */
export const model = () => shipped.description;
/** The shipped model itself. */
export const shippedModel = () => shipped;
