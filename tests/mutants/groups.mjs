// The scripts of `npm/` by room, and the tests that are asked whether a change to them is noticed: those in Node, so that a mutant
// takes seconds. What only a bundler, a browser or workerd runs is not mutated: tests/package has it.
const E2E = "../e2e";

export const GROUPS = {
  model: { mutate: ["model/wardian.js", "model/engine.js", "model/tables.js"], tests: [`${E2E}/module.test.mjs`, `${E2E}/asked.test.mjs`, `${E2E}/inputs.test.mjs`, `${E2E}/entries.test.mjs`] },
  explain: { mutate: ["model/explain.js", "model/card.js"], tests: [`${E2E}/explain.test.mjs`, `${E2E}/entries.test.mjs`] },
  pool: { mutate: ["model/pool.js", "entries/index.js", "model/worker.js"], tests: [`${E2E}/module.test.mjs`, `${E2E}/inputs.test.mjs`, `${E2E}/entries.test.mjs`] },
  entries: {
    mutate: ["entries/!(element).js", "inside/inside.js", "inside/inside-explain.js", "inside/inside.slim.js", "inside/text.js", "model/model.js"],
    tests: [`${E2E}/entries.test.mjs`],
  },
  rest: { mutate: ["contract/*.js"], tests: [`${E2E}/module.test.mjs`, `${E2E}/handle.test.mjs`, `${E2E}/contract.test.mjs`, `${E2E}/service.test.mjs`] },
  command: { mutate: ["command/bin.js", "command/files.js"], tests: [`${E2E}/command-line.test.mjs`] },
};

export const group = () => {
  const found = GROUPS[process.env.WARDIAN_MUTANTS];
  if (found === undefined) {
    throw new Error(`WARDIAN_MUTANTS names one of ${Object.keys(GROUPS).join(", ")}`);
  }
  return found;
};
