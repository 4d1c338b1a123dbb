/** What to know of a file's rows before trusting their answers: what a single row is warned of, counted. `seen.rs` is the same in Rust. */
import { decimal } from "../contract/rest.js";

const shown = (value) => decimal(Math.fround(value)).replace(/\.0$/, "");

/** Counts values that training never saw, of rows of these features. */
export class Seen {
  #features;
  #rows = 0;
  #counts;

  constructor(features) {
    this.#features = features;
    this.#counts = features.map(() => ({ outside: 0, unseen: 0, absent: 0 }));
  }

  /** Whole rows, `NaN` and missing codes for what was not measured. */
  add(values) {
    const width = this.#features.length;
    this.#rows += values.length / width;
    this.#features.forEach(({ minimum, maximum, mayBeMissing, missingCodes, categories, takesUnseen }, index) => {
      const counts = this.#counts[index];
      for (let place = index; place < values.length; place += width) {
        const value = values[place];
        // The code of what training did not see may be one for what is missing, too.
        const isUnseen = takesUnseen && value === categories.length;
        if (Number.isNaN(value) || (!isUnseen && missingCodes.includes(value))) {
          counts.absent += mayBeMissing ? 0 : 1;
        } else if (takesUnseen && value >= categories.length) {
          counts.unseen += 1;
        } else if (value < minimum || value > maximum) {
          counts.outside += 1;
        }
      }
    });
  }

  /** What there was, a sentence each. */
  *sentences() {
    for (const [index, { name, minimum, maximum }] of this.#features.entries()) {
      const { outside, unseen, absent } = this.#counts[index];
      if (outside > 0) {
        yield `${name}: ${outside} of ${this.#rows} rows are outside the range seen in training, ${shown(minimum)} to ${shown(maximum)}`;
      }
      if (unseen > 0) {
        yield `${name}: ${unseen} of ${this.#rows} rows have a category that training did not see`;
      }
      if (absent > 0) {
        yield `${name}: ${absent} of ${this.#rows} rows lack it, but every training row had it`;
      }
    }
  }
}
