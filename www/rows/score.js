/**
 * A block of a file, scored: its text back with what the model says added to each row, and what the page shows of it. What
 * predicts is given, so that this runs in a worker, in the single file's worker and in a test alike.
 */
import Papa from "papaparse";
import { zone } from "../person/risk.js";
import { probabilityText } from "./decimal.js";
import { BARS, KEPT } from "./limits.js";

/** How many features are named as the reasons for an answer. */
const REASONS = 3;

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** Where commas do not end cells they may stand for the decimal point, as they do in much of the world. */
const COMMA = /^[+-]?\d*,\d+(e[+-]?\d+)?$/i;
const ABSENT = /^([+-]?nan|na|)$/i;

/** The text of a block: UTF-8, or else what Windows wrote where it did not write that. No byte is lost. */
export function textOf(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** The records of a text. A line without anything in it is none. */
export function records(text, { delimiter, newline }) {
  const { data, errors } = Papa.parse(text, { delimiter, newline });
  if (newline === "\n") {
    for (const record of data) {
      const last = record.length - 1;
      if (record[last].endsWith("\r")) {
        record[last] = record[last].slice(0, -1);
      }
    }
  }
  return { records: data.filter((record) => record.length > 1 || record[0] !== ""), unclosed: errors.some(({ code }) => code === "MissingQuotes") };
}

/**
 * What scores blocks as `plan` says: `{ delimiter, newline, ending, width, columns, reasons, added }`. `wardian` has
 * `model` and `decimal`, and `explainMany` if there are to be reasons.
 */
export class Scorer {
  #plan;
  #model;
  #features;
  #decimal;
  #explainMany;
  /** Characters that put a cell in quotes. */
  #special;

  constructor(plan, { model, decimal, explainMany }) {
    this.#plan = plan;
    this.#model = model;
    this.#features = model.description.features;
    this.#decimal = decimal;
    this.#explainMany = explainMany;
    this.#special = new RegExp(`["\\r\\n${plan.delimiter}]`);
  }

  /** The line that names the columns of what comes back. */
  header(names) {
    return this.#line([...names, ...this.#plan.added]);
  }

  /**
   * Scores a block's text, less its first `skip` records. `first`: how many of its rows to keep; `least`: how probable a row
   * must be to be among the riskiest.
   */
  block(text, { skip = 0, first = 0, least = -1 }) {
    const { records: all, unclosed } = records(text, this.#plan);
    const rows = all.slice(skip);
    const width = this.#features.length;
    const values = new Float64Array(rows.length * width);
    const valid = [];
    const errors = new Map();
    let outside = 0;
    rows.forEach((cells, row) => {
      const error = unclosed && row === rows.length - 1 ? { code: "unclosed_quote", message: "a quote is not closed" } : this.#read(cells, values, valid.length * width);
      if (error === undefined) {
        outside += this.#isOutside(values, valid.length * width) ? 1 : 0;
        valid.push(row);
      } else {
        errors.set(row, error);
      }
    });
    const read = values.subarray(0, valid.length * width);
    const probabilities = this.#model.predictMany(read);
    const contributions = this.#plan.reasons ? this.#explainMany(read) : undefined;
    return { ...this.#written(rows, valid, errors, probabilities, contributions, first), ...summary(probabilities), outside, top: this.#riskiest(rows, valid, probabilities, least) };
  }

  /** Writes a row's values from index `start` on; what is wrong with it, if anything is. */
  #read(cells, values, start) {
    const { width, columns, delimiter } = this.#plan;
    const surplus = cells.slice(width);
    if (cells.length < width || surplus.some((cell) => cell.trim() !== "")) {
      return { code: "wrong_field_count", values: { expected: width, given: cells.length }, message: `${width} cells are needed, ${cells.length} given` };
    }
    let given = 0;
    for (let index = 0; index < columns.length; index += 1) {
      let value = NaN;
      if (columns[index] >= 0) {
        let cell = cells[columns[index]].trim();
        if (delimiter !== "," && COMMA.test(cell)) {
          cell = cell.replace(",", ".");
        }
        if (NUMBER.test(cell)) {
          value = Number(cell);
          if (!Number.isFinite(Math.fround(value))) {
            return this.#refused(index, cell);
          }
          given += 1;
        } else if (!ABSENT.test(cell)) {
          return this.#refused(index, cell);
        }
      }
      values[start + index] = value;
    }
    return given > 0 ? undefined : { code: "empty_input", message: `no values given; ${columns.length} are needed` };
  }

  /** The model's own words about a cell that it does not take. */
  #refused(index, cell) {
    // A comma would end the field; another character of its looks stands in for it.
    const row = this.#features.map((_, each) => (each === index ? cell.replaceAll(",", "‚") : ""));
    try {
      this.#model.predictValue(row.join(","));
    } catch ({ code, field, message }) {
      return { code, field, values: { value: cell.slice(0, 40) }, message: message.replaceAll("‚", ",") };
    }
    throw new Error(`a cell is refused here and read by the model: ${cell.slice(0, 40)}`);
  }

  #isOutside(values, start) {
    return this.#features.some(({ minimum, maximum, missingCodes }, index) => {
      const value = values[start + index];
      return (value < minimum || value > maximum) && !missingCodes.includes(value);
    });
  }

  /** The rows as they came, each with its answer; and those that are kept. */
  #written(rows, valid, errors, probabilities, contributions, first) {
    const lines = [];
    const kept = [];
    const told = [];
    let next = 0;
    rows.forEach((cells, row) => {
      const error = errors.get(row);
      const probability = error === undefined ? probabilities[next] : undefined;
      const reasons = error === undefined && contributions !== undefined ? this.#reasons(contributions, next) : "";
      const added = [error === undefined ? probabilityText(probability, this.#decimal) : "", ...(contributions === undefined ? [] : [reasons]), error?.message ?? ""];
      // Beside too few cells the answer keeps its columns.
      const filled = cells.length < this.#plan.width ? [...cells, ...Array(this.#plan.width - cells.length).fill("")] : error === undefined ? cells.slice(0, this.#plan.width) : cells;
      lines.push(this.#line([...filled, ...added]));
      if (kept.length < first) {
        kept.push({ row, cells, probability, reasons });
      }
      if (error !== undefined && told.length < KEPT.errors) {
        told.push({ row, ...error });
      }
      next += error === undefined ? 1 : 0;
    });
    return { count: rows.length, text: lines.join(""), first: kept, errors: told, errorCount: errors.size };
  }

  #line(cells) {
    const { delimiter, ending } = this.#plan;
    let text = "";
    for (let index = 0; index < cells.length; index += 1) {
      const cell = cells[index];
      text += (index > 0 ? delimiter : "") + (this.#special.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
    }
    return text + ending;
  }

  /** The features that move an answer most, with what they add on the log-odds scale. */
  #reasons(contributions, place) {
    const width = this.#features.length;
    const own = contributions.subarray(place * (width + 1), place * (width + 1) + width);
    const most = this.#features.map((_, index) => index).sort((one, other) => Math.abs(own[other]) - Math.abs(own[one]));
    return most
      .slice(0, REASONS)
      .map((index) => `${this.#features[index].name} ${own[index] < 0 ? "" : "+"}${own[index].toFixed(2)}`)
      .join("; ");
  }

  #riskiest(rows, valid, probabilities, least) {
    const places = [];
    for (let place = 0; place < valid.length; place += 1) {
      if (probabilities[place] > least) {
        places.push(place);
      }
    }
    places.sort((one, other) => probabilities[other] - probabilities[one] || one - other);
    return places.slice(0, KEPT.top).map((place) => ({ row: valid[place], cells: rows[valid[place]], probability: probabilities[place] }));
  }
}

/** The probabilities as a histogram, and where they lie. */
function summary(probabilities) {
  const bars = new Array(BARS).fill(0);
  const zones = { below: 0, inside: 0, above: 0 };
  let sum = 0;
  for (const probability of probabilities) {
    bars[Math.min(BARS - 1, Math.floor(probability * BARS))] += 1;
    sum += probability;
    zones[zone(probability)] += 1;
  }
  return { bars, sum, below: zones.below, above: zones.above, scored: probabilities.length };
}
