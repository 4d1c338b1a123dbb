// The same models through the studio, in Chromium: what is taken away there is what the command line makes of the same case.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { hosted } from "../e2e/page.mjs";
import { differing, give, openModel, together } from "../e2e/studio.mjs";

const models = process.env.WARDIAN_SEAL_MODELS;
const manifest = JSON.parse(readFileSync(path.join(models, "manifest.json"), "utf8"));
const host = hosted();

for (const { name, model, data, predictions, trainer, rows } of manifest) {
  test(`${name}: the studio's products are those of the command line`, async () => {
    const page = await host.open({ at: "studio/index.html" });
    const [file, given, answers] = [model, data, predictions].map((each) => path.join(models, each));
    await openModel(page, file);
    await give(page, "data-file", given);
    await give(page, "predictions-file", answers);
    await page.locator("#predictions-told").waitFor();
    await together(page);
    const told = await page.locator("#predictions-told").textContent();
    assert.ok(told.startsWith(`${rows} of ${rows} answers identical to`), `${trainer}: ${told}`);
    assert.deepEqual(await differing(page, ["--data", given, "--predictions", answers]), []);
  });
}
