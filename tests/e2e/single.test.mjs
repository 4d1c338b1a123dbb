// The page as one HTML file, opened from a disk.
import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { LAUNCH } from "./browser.mjs";
import { EXAMPLE, example, golden } from "./golden.mjs";
import { NAMES } from "./module-cases.mjs";
import { FOLDER } from "./page.mjs";

// A folder with a space and a letter that is not ASCII, as disks have, and nothing beside the file.
const folder = mkdtempSync(path.join(tmpdir(), "wardian ü "));
const file = path.join(folder, "page.html");
let browser;

before(async () => {
  copyFileSync(path.join(FOLDER, "page.html"), file);
  browser = await chromium.launch(LAUNCH);
});

after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

/** The opened file, and all that goes wrong or is asked for in it. */
async function opened(options) {
  const context = await browser.newContext({ locale: "en-GB", offline: true, ...options });
  const [faults, requests] = [[], []];
  context.on("console", (message) => ["error", "warning"].includes(message.type()) && faults.push(message.text()));
  context.on("weberror", (error) => faults.push(error.error().message));
  context.on("request", (request) => requests.push(request.url()));
  const page = await context.newPage();
  await page.goto(pathToFileURL(file).href);
  await page.locator("#main").waitFor();
  return { page, faults, requests };
}

test("every place of the single file opens, in every language, and it asks for nothing but itself", async () => {
  const { page, faults, requests } = await opened();
  for (const language of ["en", "zh", "es"]) {
    await page.locator("#language").selectOption(language);
    for (const tab of await page.getByRole("tab").all()) {
      await tab.click();
      await page.locator(".loading").first().waitFor({ state: "detached" });
      assert.equal(await page.locator(".failure").count(), 0);
    }
  }
  await page.locator('#offline[data-state="single"]').waitFor();
  assert.deepEqual(faults, []);
  assert.deepEqual(requests.filter((url) => !/^(data|blob):/.test(url)), [pathToFileURL(file).href]);
});

test("it predicts, explains, scores a file in its workers and answers the contract", async () => {
  const { page, faults, requests } = await opened();
  for (const [index, value] of EXAMPLE.split(",").entries()) {
    await page.locator(`#input-${NAMES[index]}`).fill(value);
  }
  const shown = Number(example.probability.toFixed(3));
  await page.waitForFunction((number) => document.querySelector("#detail")?.textContent.includes(String(number)), shown);
  await page.locator("#reasons .lead").waitFor();

  await page.locator("#tab-rows").click();
  const text = `${NAMES.join(",")}\n${golden.map(({ data }) => data).join("\n")}\n`;
  await page.locator("#rows-file").setInputFiles({ name: "rows.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
  await page.locator("#rows-score").click();
  await page.locator(".outcome").waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator("#rows-download").click()]);
  const [names, ...lines] = readFileSync(await download.path(), "utf8").trimEnd().split(/\r?\n/).map((line) => line.split(","));
  const column = names.indexOf("probability");
  assert.equal(lines.length, 768);
  assert.deepEqual(lines.filter((cells, index) => Math.fround(Number(cells[column])) !== golden[index].probability), []);

  await page.locator("#tab-rest").click();
  await page.locator("#console-send").click();
  await page.locator("#console-status").waitFor();
  assert.match(await page.locator("#console-status").textContent(), /200/);
  const { prediction } = JSON.parse(await page.locator("#console-answer-body").textContent());
  assert.equal(Math.fround(prediction), example.probability);
  await page.locator("#console-preset").selectOption("explain");
  await page.locator("#console-send").click();
  await page.locator('#console-status[data-count="2"]').waitFor();
  const { reasons, unknown } = JSON.parse(await page.locator("#console-answer-body").textContent());
  assert.deepEqual([reasons.length, unknown.map(({ feature }) => feature).sort()], [8, ["serum_insulin", "skin_fold_thick"]]);
  assert.deepEqual(faults, []);
  assert.deepEqual(requests.filter((url) => !/^(data|blob):/.test(url)), [pathToFileURL(file).href]);
});

test("its policy lets it connect to nothing", async () => {
  const html = readFileSync(file, "utf8");
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)[1];
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /connect-src 'none'/);
  assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval(?<!wasm-unsafe-eval)|https?:/);
  const { page, faults } = await opened();
  const fetched = await page.evaluate(() => fetch(location.href).then(() => "fetched", (error) => error.name));
  assert.equal(fetched, "TypeError");
  assert.ok(faults.length > 0);
});
