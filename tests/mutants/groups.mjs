// The scripts of `npm/`, and the tests that are asked whether a change to them is noticed: those in Node, so that a mutant
// takes seconds. What only a bundler, a browser or workerd runs is not mutated: tests/package has it.
const E2E = "../e2e";

export const GROUPS = {
  model: { mutate: ["wardian.js", "engine.js", "tables.js"], tests: [`${E2E}/module.test.mjs`, `${E2E}/asked.test.mjs`, `${E2E}/inputs.test.mjs`, `${E2E}/entries.test.mjs`] },
  explain: { mutate: ["explain.js", "card.js"], tests: [`${E2E}/explain.test.mjs`, `${E2E}/entries.test.mjs`] },
  pool: { mutate: ["pool.js", "index.js", "worker.js"], tests: [`${E2E}/module.test.mjs`, `${E2E}/inputs.test.mjs`, `${E2E}/entries.test.mjs`] },
  entries: {
    mutate: ["index.js", "model.js", "predict.js", "about.js", "inside.js", "inside-explain.js", "inside.slim.js", "text.js", "converter.js", "fetch.js"],
    tests: [`${E2E}/entries.test.mjs`],
  },
  rest: { mutate: ["rest.js", "handle.js", "serve.js"], tests: [`${E2E}/module.test.mjs`, `${E2E}/handle.test.mjs`, `${E2E}/contract.test.mjs`, `${E2E}/service.test.mjs`] },
  command: { mutate: ["bin.js", "files.js"], tests: [`${E2E}/command-line.test.mjs`] },
};

export const group = () => {
  const found = GROUPS[process.env.WARDIAN_MUTANTS];
  if (found === undefined) {
    throw new Error(`WARDIAN_MUTANTS names one of ${Object.keys(GROUPS).join(", ")}`);
  }
  return found;
};
