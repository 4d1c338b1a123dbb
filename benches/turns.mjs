// How long something takes, of the processor's time that this process has had: what others do on the machine is not in it.
// As in benches/native.rs and benches/peers.py.

/** How long a turn is, in seconds: what is done sooner is done again, and the median counts. */
const TURN = 0.05;
/** The shortest time that the clock is trusted with. */
const LEAST_GROUP = 0.002;

export const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

/** User and system: Linux knows their sum to the microsecond, and guesses how it is shared out. */
export const now = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** The seconds that `action` takes. */
export async function inTurn(action) {
  const each = [];
  const turn = now();
  do {
    const started = now();
    await action();
    each.push(now() - started);
  } while (now() - turn < TURN);
  return median(each);
}

/** How many times to do something before the clock is asked again, over and over; at the end the median of the seconds for one. */
function* groups() {
  const each = [];
  const turn = now();
  for (let group = 1; each.length === 0 || now() - turn < TURN; ) {
    const started = now();
    yield group;
    const took = now() - started;
    if (took < LEAST_GROUP) {
      group *= 2;
    } else {
      each.push(took / group);
    }
  }
  return median(each);
}

/** The seconds for one row, over and over: the median of groups that are long enough for the clock. */
export function singles(rows, action) {
  const turn = groups();
  let step = turn.next();
  for (let next = 0; !step.done; step = turn.next()) {
    for (let index = 0; index < step.value; index += 1) {
      action(rows[next]);
      next = next + 1 === rows.length ? 0 : next + 1;
    }
  }
  return step.value;
}

/** The same for what answers later: a wait for each row is no part of the other's time. */
export async function singlesLater(rows, action) {
  const turn = groups();
  let step = turn.next();
  for (let next = 0; !step.done; step = turn.next()) {
    for (let index = 0; index < step.value; index += 1) {
      await action(rows[next]);
      next = next + 1 === rows.length ? 0 : next + 1;
    }
  }
  return step.value;
}
