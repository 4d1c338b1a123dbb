// axe in every state of the page, in every language, light and dark: no violation, of best practice neither.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { test } from "node:test";
import { hosted } from "./page.mjs";
import { STATES } from "./states.mjs";

const host = hosted();
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const WIDTHS = { light: 1280, dark: 390 };

async function violations(page) {
  const { violations: found, passes } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  // A run that judged nothing would find nothing.
  assert.ok(passes.length > 15, `${passes.length} rules passed`);
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).slice(0, 3).join("; ")}`);
}

for (const locale of ["en-GB", "zh-CN", "es-ES"]) {
  for (const [colorScheme, width] of Object.entries(WIDTHS)) {
    test(`no violation in ${locale}, ${colorScheme}, at ${width} pixels`, async () => {
      const page = await host.open({ locale, colorScheme, viewport: { width, height: 900 }, reducedMotion: "reduce" });
      await page.evaluate(axe);
      for (const [state, enter] of Object.entries(STATES)) {
        await enter(page);
        assert.deepEqual(await violations(page), [], state);
      }
    });
  }
}

test("axe finds what is wrong", async () => {
  const page = await host.open();
  await page.evaluate(axe);
  await page.evaluate(() => document.querySelector("label[for=input-glucose]").remove());
  assert.match((await violations(page)).join(), /label/);
});
