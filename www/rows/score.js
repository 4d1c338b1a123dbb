/**
 * A part of a file, scored: its text back with what the model says added to each row, and what the page shows of it. What reads
 * and predicts is given, so that this runs in a worker, in the single file's worker and in a test alike.
 */
import { KEPT } from "./limits.js";

/** How many features are named as the reasons for an answer. */
const REASONS = 3;

/** A number of a file is a category's code by then. */
const CODES = { codes: true };

/** What scores parts of a file: `rows` has its plan. */
export class Scorer {
  #rows;
  #plan;
  #model;
  #answers;
  #decimal;
  #explainMany;

  /**
   * `answers` says what is added, as `kinds/rows.js` has it; `decimal` writes numbers that are no 32-bit floats, or that stand beside texts.
   * `explainMany` only if there are to be reasons.
   */
  constructor({ rows, plan, model, answers, decimal, explainMany }) {
    this.#rows = rows;
    this.#plan = plan;
    this.#model = model;
    this.#answers = answers;
    this.#decimal = decimal;
    this.#explainMany = explainMany;
  }

  /**
   * Scores whole rows. `first`: how many of them to keep; `least`: how early in rank a row must be to be among those that are looked at first.
   */
  part(bytes, { isStart, first = 0, least = -Infinity }) {
    const { count, values, faults } = this.#rows.read(bytes, isStart);
    const predictions = this.#model.predictMany(values, CODES);
    const { width, measure } = this.#answers;
    const scored = count - faults.length;
    const answerOf = (place) => predictions.subarray(place * width, (place + 1) * width);
    const contributions = this.#explainMany && this.#told(this.#explainMany(values, CODES), answerOf, scored);
    const text = this.#rows.write(this.#written(predictions, answerOf, scored), contributions);
    const places = placesOf(count, faults);
    const shown = (row) => {
      const place = places[row];
      const reasons = contributions === undefined || place < 0 ? [] : this.#reasons(contributions, place);
      return { row, cells: this.#rows.cells(row), answer: place < 0 ? undefined : Array.from(answerOf(place)), reasons };
    };
    return {
      count,
      scored,
      text,
      first: Array.from({ length: Math.min(first, count) }, (_, row) => shown(row)),
      errors: faults.slice(0, KEPT.errors).map((fault) => this.#fault(fault)),
      errorCount: faults.length,
      outside: this.#outside(values),
      top: this.#earliest(answerOf, scored, least).map(({ place, rank }) => ({ ...shown(places.indexOf(place)), rank })),
      measures: measure === undefined ? [] : Float64Array.from({ length: scored }, (_, place) => measure(answerOf(place))),
    };
  }

  /** What is written behind the rows: 32-bit floats as they are, all else as texts. */
  #written(predictions, answerOf, scored) {
    const { label } = this.#answers;
    if (label === undefined && predictions instanceof Float32Array) {
      return predictions;
    }
    const texts = [];
    for (let place = 0; place < scored; place += 1) {
      const row = answerOf(place);
      if (label !== undefined) {
        texts.push(label(row));
      }
      if (row.length > 1 || label === undefined) {
        row.forEach((value) => texts.push(this.#decimal(value)));
      }
    }
    return texts;
  }

  /** Of a model of several outputs the contributions to the one that each row's answer speaks of. */
  #told(contributions, answerOf, scored) {
    const { outputs, features } = this.#model.description;
    const block = features.length + 1;
    if (outputs === 1) {
      return contributions;
    }
    const own = new Float64Array(scored * block);
    for (let place = 0; place < scored; place += 1) {
      const start = (place * outputs + Math.min(outputs - 1, this.#answers.block(answerOf(place)))) * block;
      own.set(contributions.subarray(start, start + block), place * block);
    }
    return own;
  }

  /** The places of those that come first in rank. */
  #earliest(answerOf, scored, least) {
    const { rank } = this.#answers;
    const found = [];
    for (let place = 0; rank !== undefined && place < scored; place += 1) {
      const own = rank(answerOf(place));
      if (own > least) {
        found.push({ place, rank: own });
      }
    }
    return found.sort((one, other) => other.rank - one.rank || one.place - other.place).slice(0, KEPT.top);
  }

  /** A fault, and what a sentence of it needs. */
  #fault(fault) {
    const cells = this.#rows.cells(fault.row);
    const column = this.#plan.columns.find(({ feature }) => feature === fault.field)?.column;
    return { ...fault, values: { expected: this.#plan.names.length, given: cells.length, value: cells[column]?.trim().slice(0, 40) } };
  }

  /** How many rows have a value outside the range that training saw, or a category that it did not see. */
  #outside(values) {
    const { features } = this.#model.description;
    const width = features.length;
    const isOutside = new Uint8Array(values.length / width);
    features.forEach(({ minimum, maximum, missingCodes, categories, takesUnseen }, index) => {
      for (let row = 0, place = index; row < isOutside.length; row += 1, place += width) {
        const value = values[place];
        // The code of what training did not see may be one for what is missing, too.
        if ((takesUnseen && value === categories.length) || ((value < minimum || value > maximum || (takesUnseen && value >= categories.length)) && !missingCodes.includes(value))) {
          isOutside[row] = 1;
        }
      }
    });
    return isOutside.reduce((sum, one) => sum + one, 0);
  }

  /** The features that move an answer most, each with what it adds on the margin's scale. */
  #reasons(contributions, place) {
    const { length: width } = this.#model.description.features;
    const own = contributions.subarray(place * (width + 1), place * (width + 1) + width);
    const most = Array.from(own, (_, index) => index).sort((one, other) => Math.abs(own[other]) - Math.abs(own[one]));
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
