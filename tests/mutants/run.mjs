// The tests of one group in one process, which ends at the first that fails: a mutant is asked so often that a process for
// each file would count, and one that is found out need not be asked further.
import { register } from "node:module";
import { test } from "node:test";
import { group } from "./groups.mjs";

/** In a browser, or with the page's own modules, which are sealed: no mutant reaches those. */
const ELSEWHERE = /in a browser|www\/dist|the page's module/;
/** Tests that take seconds come last: most mutants are found out before. */
const SLOW = /every row of the data|malformed requests|trainers' files|rows of the shipped model are/;

const slow = [];
const ending = (run) => async (context) => {
  try {
    await run(context);
  } catch (error) {
    console.error(`${context.name}: ${error.stack}`);
    process.exit(1);
  }
};
globalThis.testing = (name, run) => {
  if (ELSEWHERE.test(name)) {
    return;
  }
  if (SLOW.test(name)) {
    slow.push([name, run]);
  } else {
    test(name, ending(run));
  }
};

const data = (text) => `data:text/javascript,${encodeURIComponent(text)}`;
const INSTEAD = {
  "node:test": data('export { after, before } from "node:test"; export const test = globalThis.testing;'),
  // Half a second to load, and no browser is started here.
  "playwright-core": data("export const chromium = undefined;"),
};
register(
  data(`const INSTEAD = ${JSON.stringify(INSTEAD)};
    export const resolve = (specifier, context, next) =>
      context.parentURL?.endsWith(".test.mjs") && INSTEAD[specifier] ? { url: INSTEAD[specifier], shortCircuit: true } : next(specifier, context);`),
);

for (const file of group().tests) {
  await import(new URL(file, import.meta.url));
}
for (const [name, run] of slow) {
  test(name, ending(run));
}
