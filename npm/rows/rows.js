/**
 * Files of rows: what a file is, the numbers in it, and the file back with answers. `src/bindings/rows.rs` is the other side, and
 * has all the rules; a model's trees are asked by `wardian.js`.
 */
import { inTurn, joined } from "./chunks.js";
import { at, instantiated, instantiatedSync, textOf } from "../model/engine.js";
import { checkKept, planOf } from "./plan.js";
import { fault } from "../model/wardian.js";

export { inTurn } from "./chunks.js";
export { looksLikeAPlan, planText } from "./plan.js";

/** How much of a file is looked at for its plan: on every road as much, so that the plan is the same. */
const START_BYTES = 262_144;
/** And how much is given to workers at a time: some ten thousand rows. */
const PART_BYTES = 524_288;
/** A row in a table is no longer than this: a quote that is never closed would take the rest of the file for one cell. */
export const LONGEST_ROW = 16_777_216;

/** The caller's mistake, or the file's: a row that does not end. */
const tooLong = (offset, most) => Object.assign(fault("unclosed_quote", undefined, `from byte ${offset} on a row is longer than ${most} bytes; is a quote not closed?`), { values: { offset } });

const hasLineEnd = (bytes) => bytes.includes(0x0a) || bytes.includes(0x0d);

/** What a plan is made from, and whether that is all of the file whose bytes come in these chunks: more only where the first line is longer. */
export async function beginning(chunks, longest = LONGEST_ROW) {
  let start = new Uint8Array(0);
  for await (const chunk of inTurn(chunks)) {
    start = joined([start, chunk]);
    for (let wanted = START_BYTES; wanted <= start.length; wanted += START_BYTES) {
      const first = start.subarray(0, wanted);
      if (hasLineEnd(first)) {
        return { start: first, isWhole: false };
      }
      if (wanted >= longest) {
        throw tooLong(0, longest);
      }
    }
  }
  return { start, isWhole: true };
}

/** The same bytes in UTF-8. */
export async function* inUtf8(chunks, encoding) {
  if (encoding === "utf-8") {
    yield* inTurn(chunks);
    return;
  }
  const decoder = new TextDecoder(encoding);
  const encoder = new TextEncoder();
  for await (const chunk of inTurn(chunks)) {
    yield encoder.encode(decoder.decode(chunk, { stream: true }));
  }
  yield encoder.encode(decoder.decode());
}

/** The text of a file of this plan as parts of whole rows, which `rows` finds the ends of. Memory is a part's, however long the file. */
export async function* inParts(chunks, rows, { delimiter, skippedLines }, longest = LONGEST_ROW) {
  let [waiting, length, offset] = [[], 0, 0];
  let due = PART_BYTES;
  for await (const chunk of chunks) {
    waiting.push(chunk);
    length += chunk.length;
    if (length < due) {
      continue;
    }
    const bytes = joined(waiting);
    const end = rows.endOfRows(bytes, delimiter, offset === 0 ? skippedLines : 0);
    if (end === 0 && length >= longest) {
      throw tooLong(offset, longest);
    }
    // Of a row that is longer than that the end is looked for when there is twice as much.
    due = end === 0 ? 2 * length : PART_BYTES;
    waiting = [bytes.subarray(end)];
    length -= end;
    if (end > 0) {
      offset += end;
      yield bytes.slice(0, end);
    }
  }
  if (length > 0) {
    yield joined(waiting);
  }
}

/** What may be said of a file, and how that is told: the options of the command line. */
const OPTIONS = {
  encoding: String,
  skip: String,
  delimiter: String,
  decimal: String,
  thousands: String,
  header: (value) => (value === true ? "yes" : value === false ? "no" : String(value)),
  absent: (value) => (value ? "" : undefined),
  column: pairs,
  unit: pairs,
  missingText: (value) => value,
  baseMargin: (value) => value,
};
/** The words of those that the command line has otherwise. */
const WORDS = { missingText: "missing-text", baseMargin: "base-margin" };

/** `{ age: "#9" }` as `["age=#9"]`, as the command line has it already; what is undefined has none. */
function pairs(value) {
  return Array.isArray(value) ? value : Object.entries(value).map(([feature, said]) => `${feature}=${said ?? ""}`);
}

/** The options that give this plan again, with nothing left open, for a file of the same names. */
export function optionsOf(plan, features) {
  const { encoding, skippedLines: skip, delimiter, decimal, thousands, header, missing: missingText, baseMargins } = plan;
  const column = {};
  const unit = {};
  plan.columns.forEach(({ feature, column: place, unit: said }, index) => {
    column[feature] = place === undefined ? undefined : `#${place + 1}`;
    const own = said ?? features[index].unit;
    if (own !== "") {
      unit[feature] = own;
    }
  });
  const baseMargin = baseMargins.map((place) => `#${place + 1}`);
  return { encoding, skip, delimiter, decimal, thousands, header, column, unit, missingText, baseMargin };
}

/** What is told of options: words and texts in turn. */
function* told(options) {
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(OPTIONS, name)) {
      throw fault("invalid_option", undefined, `there is no option ${JSON.stringify(name)}; there are ${Object.keys(OPTIONS).join(", ")}`);
    }
    const texts = value === undefined ? undefined : OPTIONS[name](value);
    for (const text of texts === undefined ? [] : [texts].flat()) {
      yield* [WORDS[name] ?? name, text];
    }
  }
}

/** What is told of features: `words` has other names and units, as a package's `columns.json` has them. */
function* described(features, words) {
  for (const { name, label, unit, decimals, missingCodes, categories, takesUnseen } of features) {
    yield* ["feature", name, "label", label, "measured-in", unit];
    yield* decimals === undefined ? [] : ["decimals", decimals];
    yield* missingCodes.flatMap((code) => ["code", code]);
    yield* categories.flatMap((category) => ["category", category]);
    yield* takesUnseen ? ["unseen", ""] : [];
    const { names = [], units = {} } = Object.hasOwn(words, name) ? words[name] : {};
    yield* names.flatMap((alias) => ["alias", alias]);
    yield* Object.entries(units).flatMap(([known, { times, minus = 0 }]) => ["known-unit", `${times} ${minus} ${known}`]);
  }
}

/** Reads one file after another, for a model of these features. */
export class Rows {
  #module;
  #features;
  /** How many columns of base margins the file that was planned has. */
  #baseMargins = 0;

  /** As the constructor, where the module is too large to be started at once: on a page's own thread, for some browsers. */
  static async started(source, features, words) {
    return new Rows(await instantiated(source), features, words);
  }

  /** From the module's bytes or its compiled form. */
  constructor(source, features, words = {}) {
    this.#module = source.memory === undefined ? instantiatedSync(source) : source;
    this.#features = features;
    this.#tell(described(features, words));
  }

  /**
   * How a file is read that begins with `start`; `isWhole` tells whether that is all of it. What `options` say wins over what it
   * looks like. `{ plan }` is one that was kept, as JSON: the file is read by it, or refused; `madeLines` of the text are none of the
   * file's then.
   */
  plan(start, isWhole, { plan: kept, madeLines, ...options } = {}) {
    return kept === undefined ? this.#planned(start, isWhole, options) : this.#plannedBy(planOf(kept, this.#features), start, isWhole, options, madeLines);
  }

  #plannedBy(kept, start, isWhole, options, madeLines) {
    const [other] = Object.keys(options).filter((name) => options[name] !== undefined);
    if (other !== undefined) {
      throw fault("invalid_option", undefined, `the option plan says all of a file: ${other} cannot be said as well`);
    }
    const plan = this.#planned(start, isWhole, optionsOf(kept, this.#features));
    checkKept(kept, plan, start, madeLines);
    return { ...plan, notes: [], doubts: [] };
  }

  #planned(start, isWhole, options) {
    this.#tell(told(options));
    this.#put(start);
    const texts = this.#answered(this.#module.plan(start.length, isWhole)).split("\0");
    const next = () => texts.shift();
    const several = (each) => Array.from({ length: Number(next()) }, each);
    const said = () => ({ code: next(), message: next() });
    const conversions = at(Float64Array, this.#module.wide_room(2 * this.#features.length), 2 * this.#features.length, this.#module).slice();
    const [encoding, skipped, delimiter, decimal, thousands, header] = texts.splice(0, 6);
    const plan = {
      encoding,
      skippedLines: Number(skipped),
      delimiter,
      decimal,
      thousands: thousands || undefined,
      header: header !== "",
      names: several(next),
      columns: this.#features.map(({ name }, index) => {
        const [place, unit] = [next(), next()];
        const [times, minus] = conversions.subarray(2 * index);
        return { feature: name, column: place === "" ? undefined : Number(place), unit: unit || undefined, conversion: unit === "" ? undefined : { times, minus } };
      }),
      missing: several(next),
      notes: several(said),
      doubts: several(said),
      baseMargins: several(() => Number(next())),
    };
    this.#baseMargins = plan.baseMargins.length;
    return plan;
  }

  /** The first rows of the file that was planned, cell by cell. */
  firstRows(most) {
    const texts = this.#answered(this.#module.first_rows(most)).split("\0");
    const rows = [];
    while (texts.length > 1) {
      rows.push(texts.splice(0, Number(texts.shift())));
    }
    return rows;
  }

  /** Makes ready to write the file back with these columns of predictions added, and reasons if so asked. The line of names, as bytes. */
  addColumns(names, reasons = false) {
    const bytes = new TextEncoder().encode(names.join("\0"));
    this.#put(bytes);
    return this.#bytes(this.#module.add_columns(bytes.length, reasons));
  }

  /**
   * Reads whole rows in UTF-8; `isStart` tells that the file begins with them. How many they are; the numbers of those that could be
   * read, one for each feature, row after row; their base margins, where the plan has columns of them; and the others:
   * `{ row, line, code, field, message }`. `lines` counts the lines.
   */
  read(part, isStart) {
    this.#put(part);
    const [lines, ...texts] = this.#answered(this.#module.read(part.length, isStart)).split("\0");
    const faults = [];
    while (texts.length > 1) {
      const [row, line, code, field, message] = texts.splice(0, 5);
      faults.push({ row: Number(row), line: Number(line), code, field: field || undefined, message });
    }
    const count = this.#module.row_count();
    const found = count - faults.length;
    const values = at(Float64Array, this.#module.values(), found * this.#features.length, this.#module).slice();
    const base = at(Float32Array, this.#module.base_margins(), found * this.#baseMargins, this.#module).slice();
    return { count, lines: Number(lines), values, baseMargin: this.#baseMargins > 0 ? base : undefined, faults };
  }

  /** The cells of one of the rows just read. */
  cells(row) {
    const [count, ...cells] = this.#answered(this.#module.cells(row)).split("\0");
    return cells.slice(0, Number(count));
  }

  /**
   * The rows just read as they came, as bytes, each with its predictions, and with reasons if there are contributions (and a base).
   * Predictions are 32-bit floats, or texts.
   */
  write(predictions, contributions = new Float64Array(0)) {
    at(Float64Array, this.#module.wide_room(contributions.length), contributions.length, this.#module).set(contributions);
    const areTexts = Array.isArray(predictions);
    const given = areTexts ? new TextEncoder().encode(predictions.join("\0")) : Float32Array.from(predictions);
    this.#put(new Uint8Array(given.buffer));
    return this.#bytes(this.#module.write(given.length, areTexts, contributions.length));
  }

  /** Where the last whole row in these bytes ends, 0 if none does. They begin with so many lines that are none. */
  endOfRows(bytes, delimiter, skippedLines) {
    this.#put(bytes);
    return this.#module.end_of_records(bytes.length, delimiter.codePointAt(0), skippedLines);
  }

  /** How much memory it has, in bytes. */
  get memoryBytes() {
    return this.#module.memory.buffer.byteLength;
  }

  #tell(texts) {
    const bytes = new TextEncoder().encode([...texts].join("\0"));
    if (bytes.length > 0) {
      this.#put(bytes);
      this.#answered(this.#module.tell(bytes.length));
    }
  }

  #put(bytes) {
    const address = this.#module.room(Math.ceil(bytes.length / 4));
    at(Uint8Array, address, bytes.length, this.#module).set(bytes);
  }

  /** A copy of what a call had to say, if all went well. */
  #bytes(isWell) {
    const { answer, answer_length: length } = this.#module;
    const bytes = at(Uint8Array, answer(), length(), this.#module);
    if (!isWell) {
      const [code, field, line] = textOf(bytes).split("\0");
      throw Object.assign(fault(code, undefined, line), field === "" ? {} : { field });
    }
    return bytes.slice();
  }

  #answered(isWell) {
    // A cell may hold bytes that are no characters.
    return new TextDecoder().decode(this.#bytes(isWell));
  }
}
