/**
 * A part of a file, scored: its text back with what the model says added to each row, and what the page shows of it. What reads
 * and predicts is given, so that this runs in a worker, in the single file's worker and in a test alike.
 */
import { zone } from "../person/risk.js";
import { BARS, KEPT } from "./limits.js";

/** How many features are named as the reasons for an answer. */
const REASONS = 3;

/** The columns that are added, but for reasons and errors. */
export const ADDED = ["probability"];

/** What scores parts of a file: `rows` has its plan. */
export class Scorer {
  #rows;
  #plan;
  #model;
  #features;
  #explainMany;

  /** `explainMany` only if there are to be reasons. */
  constructor(rows, plan, model, explainMany) {
    this.#rows = rows;
    this.#plan = plan;
    this.#model = model;
    this.#features = model.description.features;
    this.#explainMany = explainMany;
  }

  /**
   * Scores whole rows. `first`: how many of them to keep; `least`: how probable a row must be to be among the riskiest.
   */
  part(bytes, { isStart, first = 0, least = -1 }) {
    const { count, values, faults } = this.#rows.read(bytes, isStart);
    const probabilities = this.#model.predictMany(values);
    const contributions = this.#explainMany?.(values);
    const text = this.#rows.write(probabilities, contributions);
    const places = placesOf(count, faults);
    const shown = (row) => {
      const place = places[row];
      const reasons = contributions === undefined || place < 0 ? [] : this.#reasons(contributions, place);
      return { row, cells: this.#rows.cells(row), probability: place < 0 ? undefined : probabilities[place], reasons };
    };
    const rowsOf = (valid) => valid.map((place) => shown(places.indexOf(place)));
    return {
      count,
      text,
      first: Array.from({ length: Math.min(first, count) }, (_, row) => shown(row)),
      errors: faults.slice(0, KEPT.errors).map((fault) => this.#told(fault)),
      errorCount: faults.length,
      outside: this.#outside(values),
      top: rowsOf(riskiest(probabilities, least)),
      ...summary(probabilities),
    };
  }

  /** A fault, and what a sentence of it needs. */
  #told(fault) {
    const cells = this.#rows.cells(fault.row);
    const column = this.#plan.columns.find(({ feature }) => feature === fault.field)?.column;
    return { ...fault, values: { expected: this.#plan.names.length, given: cells.length, value: cells[column]?.trim().slice(0, 40) } };
  }

  /** How many rows have a value outside the range that training saw. */
  #outside(values) {
    const width = this.#features.length;
    const isOutside = new Uint8Array(values.length / width);
    this.#features.forEach(({ minimum, maximum, missingCodes }, index) => {
      for (let row = 0, place = index; row < isOutside.length; row += 1, place += width) {
        const value = values[place];
        if ((value < minimum || value > maximum) && !missingCodes.includes(value)) {
          isOutside[row] = 1;
        }
      }
    });
    return isOutside.reduce((sum, one) => sum + one, 0);
  }

  /** The features that move an answer most, each with what it adds on the log-odds scale. */
  #reasons(contributions, place) {
    const width = this.#features.length;
    const own = contributions.subarray(place * (width + 1), place * (width + 1) + width);
    const most = this.#features.map((_, index) => index).sort((one, other) => Math.abs(own[other]) - Math.abs(own[one]));
    return most.slice(0, REASONS).map((index) => ({ index, adds: own[index] }));
  }
}

/** For each row its place among those that could be read, or -1. */
function placesOf(count, faults) {
  const places = new Int32Array(count);
  faults.forEach(({ row }) => {
    places[row] = -1;
  });
  let next = 0;
  for (let row = 0; row < count; row += 1) {
    if (places[row] === 0) {
      places[row] = next;
      next += 1;
    }
  }
  return places;
}

/** The places of the most probable. */
function riskiest(probabilities, least) {
  const places = [];
  for (let place = 0; place < probabilities.length; place += 1) {
    if (probabilities[place] > least) {
      places.push(place);
    }
  }
  places.sort((one, other) => probabilities[other] - probabilities[one] || one - other);
  return places.slice(0, KEPT.top);
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
