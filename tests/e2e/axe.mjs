// What axe finds in a page: rules of best practice too.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Gives an open page what judges it. */
export const prepare = (page) => page.evaluate(axe);

/** What is wrong in the page as it is now: a text each. */
export async function violations(page) {
  const { violations: found, passes } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  // A run that judged nothing would find nothing.
  assert.ok(passes.length > 15, `${passes.length} rules passed`);
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).slice(0, 3).join("; ")}`);
}
