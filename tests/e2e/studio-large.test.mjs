// The studio with a model of a hundred megabytes: the page stays at ease, memory stays bounded, cancelling is at once.
import assert from "node:assert/strict";
import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { lightgbmOf, xgboostOf } from "./large.mjs";
import { hosted } from "./page.mjs";
import { folder, give, root, together } from "./studio.mjs";
import { tasksOf } from "./tasks.mjs";

const host = hosted();
const SIZE = 100e6;
const LONGEST_TASK_MS = 50;
const CANCELLED_MS = 200;
const MOST_MEMORY = 6;
const large = path.join(folder, "large.txt");

before(() => writeFileSync(large, lightgbmOf(SIZE)));
after(() => rmSync(large));

test("a model of a hundred megabytes leaves the page at ease; cancelling is at once", { timeout: 200_000 }, async () => {
  const page = await host.open({ at: "studio/index.html" });
  await page.locator("#example-petal").click();
  await together(page);
  await give(page, "model-file", large);
  // While its trees are read, when the worker hears nothing.
  await page.locator("#model-file").waitFor({ state: "attached" });
  await page.waitForFunction(() => document.querySelector(".opening progress")?.hasAttribute("value") === false);
  const took = await page.evaluate(async () => {
    const began = performance.now();
    document.querySelector("#cancel").click();
    while (document.querySelector("#cancel") !== null) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    return performance.now() - began;
  });
  console.log(`cancelled after ${Math.round(took)} ms`);
  assert.ok(took < CANCELLED_MS, `${took} ms`);
  assert.equal(await page.locator("#model-name").textContent(), "petal.lightgbm.txt");

  const tasks = await tasksOf(host.browser, page, async () => {
    await give(page, "model-file", large);
    await page.locator("#model-name", { hasText: "large.txt" }).waitFor({ timeout: 120_000 });
    await together(page);
  });
  console.log(`the longest of ${tasks.length} tasks took ${Math.round(Math.max(...tasks))} ms`);
  assert.ok(tasks.length > 10, `${tasks.length} tasks`);
  assert.deepEqual(tasks.filter((duration) => !(duration <= LONGEST_TASK_MS)), []);
  assert.equal(await page.locator("#preview").count(), 0);
  await page.locator("#preview-make").click();
  await page.frameLocator("#preview").locator("#main").waitFor();
});

test("memory is at most six times the file", { timeout: 200_000 }, async () => {
  const { Bytes, Studio, initSync } = await import(path.join(root, "target/package/seal.js"));
  const { memory } = initSync({ module: readFileSync(path.join(root, "target/package/seal_bg.wasm")) });
  const opened = (content) => {
    const bytes = new Bytes(content.length);
    for (let from = 0; from < content.length; from += 2 ** 22) {
      bytes.push(content.subarray(from, from + 2 ** 22));
    }
    const studio = new Studio("large", bytes, {});
    studio.about();
    studio.putTogether(new TextEncoder().encode("{}"), "large", {});
    studio.free();
    return memory.buffer.byteLength / content.length;
  };
  assert.equal(statSync(large).size >= SIZE, true);
  for (const [name, content] of [["LightGBM", readFileSync(large)], ["XGBoost", xgboostOf(SIZE / 2)]]) {
    const times = opened(content);
    console.log(`${name}: ${times.toFixed(1)} times the file`);
    assert.ok(times <= MOST_MEMORY, `${name}: ${times} times the file`);
  }
});
