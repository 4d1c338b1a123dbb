/** What the page counts about itself, for the monitor: additions only, so that being counted costs nothing. */

const counts = { person: 0, rows: 0, rest: 0 };
let workers = [];

/** Notes that `number` predictions have been given to `who`: a key of the counts. */
export function count(who, number = 1) {
  counts[who] += number;
}

/** The predictions so far, by who was given them. */
export const counted = () => ({ ...counts });

/** Notes who is at work now: each has `busy`, its milliseconds of work so far, and `memory`, its module's bytes. */
export function watchWorkers(list) {
  workers = list;
}

export const watchedWorkers = () => workers;
