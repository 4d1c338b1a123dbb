/** What is shown of a file: the parts’ results, added up in the order of the file whichever worker was faster. */
import { KEPT } from "./limits.js";
import { Tally } from "./tally.js";

const FIELDS = ["count", "scored", "errorCount", "outside"];

export class Totals {
  count = 0;
  scored = 0;
  errorCount = 0;
  /** Rows with a value outside the range that training saw. */
  outside = 0;
  /** The answers, counted. */
  tally;
  first = [];
  top = [];
  errors = [];
  /** The file that comes back, as blobs. */
  parts = [];
  /** Results that wait for one before them. */
  #early = new Map();
  #next = 0;

  /** `counted` says what a tally is to know of the answers. */
  constructor(counted = {}) {
    this.tally = new Tally(counted);
  }

  /** How early in rank a row must be to be among those that are looked at first. */
  get least() {
    return this.top.length < KEPT.top ? -Infinity : this.top.at(-1).rank;
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
    this.tally.add(result.measures);
    this.first.push(...numbered(result.first.slice(0, KEPT.first - this.first.length)));
    this.errors.push(...numbered(result.errors.slice(0, KEPT.errors - this.errors.length)));
    if (result.top.length > 0) {
      this.top = [...this.top, ...numbered(result.top)].sort((one, other) => other.rank - one.rank || one.row - other.row).slice(0, KEPT.top);
    }
    this.parts.push(result.part);
  }
}
