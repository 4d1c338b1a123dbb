/** How long answers to one row take: the last few hundred of each kind, for the monitor. */
import { count } from "./meter.js";

const KEPT = 512;
const taken = { person: [], rest: [] };
const next = { person: 0, rest: 0 };

/** Notes an answer to one row that took so many milliseconds. */
export function note(who, milliseconds) {
  count(who);
  taken[who][next[who]] = milliseconds;
  next[who] = (next[who] + 1) % KEPT;
}

/** What `work` returns: an answer to one row, which is noted. */
export function timed(who, work) {
  const began = performance.now();
  const result = work();
  note(who, performance.now() - began);
  return result;
}

/** The percentiles of what is kept, by nearest rank: nothing where nothing is. */
export function percentiles(who, shares) {
  const sorted = taken[who].toSorted((one, other) => one - other);
  return sorted.length === 0 ? undefined : shares.map((share) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]);
}
