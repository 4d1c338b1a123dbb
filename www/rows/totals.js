/** What is shown of a file: the parts’ results, added up in the order of the file whichever worker was faster. */
import { BARS, KEPT } from "./limits.js";

const FIELDS = ["count", "scored", "errorCount", "sum", "below", "above", "outside"];

export class Totals {
  count = 0;
  scored = 0;
  errorCount = 0;
  sum = 0;
  below = 0;
  above = 0;
  /** Rows with a value outside the range that training saw. */
  outside = 0;
  bars = new Array(BARS).fill(0);
  first = [];
  top = [];
  errors = [];
  /** The file that comes back, as blobs. */
  parts = [];
  /** Results that wait for one before them. */
  #early = new Map();
  #next = 0;

  /** How probable a row must be to be among the riskiest. */
  get least() {
    return this.top.length < KEPT.top ? -1 : this.top.at(-1).probability;
  }

  add(part, result) {
    this.#early.set(part, result);
    for (let due = this.#early.get(this.#next); due !== undefined; due = this.#early.get(this.#next)) {
      this.#early.delete(this.#next);
      this.#append(due);
      this.#next += 1;
    }
  }

  #append(result) {
    const before = this.count;
    const numbered = (rows) => rows.map((row) => ({ ...row, row: before + row.row + 1 }));
    for (const field of FIELDS) {
      this[field] += result[field];
    }
    result.bars.forEach((bar, index) => {
      this.bars[index] += bar;
    });
    this.first.push(...numbered(result.first.slice(0, KEPT.first - this.first.length)));
    this.errors.push(...numbered(result.errors.slice(0, KEPT.errors - this.errors.length)));
    if (result.top.length > 0) {
      this.top = [...this.top, ...numbered(result.top)].sort((one, other) => other.probability - one.probability || one.row - other.row).slice(0, KEPT.top);
    }
    this.parts.push(result.part);
  }
}
