/** How coarse the browser's clock is: browsers blunt it against spying, to between 5 millionths of a second and a tenth. */

/** Asked so often, a clock that has not moved is as coarse as they come. */
const LONGEST = 100_000;
const COARSEST = 100;

let step;

function measured() {
  let asked = 0;
  const moved = () => {
    const from = performance.now();
    let to = from;
    while (to === from && asked < LONGEST) {
      to = performance.now();
      asked += 1;
    }
    return to - from;
  };
  // The first move may be the rest of a step.
  moved();
  return moved() || COARSEST;
}

/** The least time other than none that the clock can tell, in milliseconds. */
export function clockStep() {
  step ??= measured();
  return step;
}
