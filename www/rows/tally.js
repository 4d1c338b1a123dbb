/** The answers of a file's rows, counted: in sum, by zones or classes, and as a histogram. */
import { zoneOf } from "../person/zones.js";
import { BARS } from "./limits.js";

/** So many numbers are kept before it is settled from where to where a histogram goes; later ones beyond its ends are counted at them. */
const MOST_KEPT = 1_000_000;

/** Equal parts between two ends, and how many numbers are in each. */
class Histogram {
  counts = new Array(BARS).fill(0);

  constructor(low, high) {
    this.low = low;
    this.high = high;
  }

  add(numbers) {
    const { low, high, counts } = this;
    for (const value of numbers) {
      const place = high > low ? Math.floor(((value - low) / (high - low)) * BARS) : 0;
      // What is no number has no place.
      counts[Math.max(0, Math.min(BARS - 1, place))] += 1;
    }
  }
}

export class Tally {
  count = 0;
  sum = 0;
  low = Infinity;
  high = -Infinity;
  /** How many are in each zone; of classes, of each class. */
  zones;
  classes;
  #zones;
  #histogram;
  #kept = [];

  /** `ends` of the histogram where they are known, `zones` of the answer, or how many `classes` there are. */
  constructor({ ends, zones = [], classes = 0 }) {
    this.#zones = zones;
    this.zones = zones.map(() => 0);
    this.classes = new Array(classes).fill(0);
    this.#histogram = ends && new Histogram(...ends);
  }

  add(measures) {
    this.count += measures.length;
    if (this.classes.length > 0) {
      measures.forEach((value) => {
        this.classes[value] += 1;
      });
      return;
    }
    const numbers = measures.filter(Number.isFinite);
    for (const value of numbers) {
      this.sum += value;
      this.low = Math.min(this.low, value);
      this.high = Math.max(this.high, value);
      const zone = this.#zones.indexOf(zoneOf(this.#zones, value));
      if (zone >= 0) {
        this.zones[zone] += 1;
      }
    }
    if (this.#histogram !== undefined) {
      this.#histogram.add(numbers);
      return;
    }
    this.#kept.push(numbers);
    if (this.count >= MOST_KEPT) {
      this.#histogram = this.histogram();
      this.#kept = [];
    }
  }

  /** `{ low, high, counts }`. */
  histogram() {
    if (this.#histogram !== undefined) {
      return this.#histogram;
    }
    const made = new Histogram(this.low, this.high);
    this.#kept.forEach((numbers) => made.add(numbers));
    return made;
  }
}
