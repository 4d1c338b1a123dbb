// Sealed models, opened in Chromium and asked for every row that their trainers have answered. Run by `cargo xtask seal-proof`, which trains
// the models (models.py) and lets the trainers of public ones answer (public.py), builds the command, and names all of it.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import Papa from "../e2e/node_modules/papaparse/papaparse.js";
import { chromium } from "../e2e/node_modules/playwright-core/index.mjs";
import { LAUNCH } from "../e2e/browser.mjs";
import { serve } from "../e2e/serve.mjs";

const { WARDIAN_COMMAND, WARDIAN_SEAL_MODELS, WARDIAN_SEAL_SHELL } = process.env;
/** Of the own models, and of the public ones a part for each environment that they are opened in. */
const manifest = readdirSync(WARDIAN_SEAL_MODELS)
  .filter((name) => /^manifest.*\.json$/.test(name))
  .sort()
  .flatMap((name) => JSON.parse(readFileSync(path.join(WARDIAN_SEAL_MODELS, name), "utf8")));
const folder = mkdtempSync(path.join(tmpdir(), "wardian-seal-"));
const run = promisify(execFile);
/** What a page of a case with markup in all its texts is called. */
const HOSTILE = `<img src=x onerror=alert(0)> </title> "&amp;" __proto__`;
const MARKUP = /[<>&]/;
/** Seconds are a busy machine's; what is measured is elsewhere. */
const PATIENCE = 30_000;

/** What was compared, of all models. */
const all = { pages: 0, answers: 0 };

let browser;
before(async () => {
  browser = await chromium.launch(LAUNCH);
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
  const ofOthers = manifest.filter(({ name }) => name.startsWith("public-")).length;
  const trainers = new Set(manifest.map(({ trainer }) => trainer)).size;
  console.log(
    `seen seal: ${manifest.length - ofOthers} models, and ${ofOthers} public ones, of ${trainers} trainers: ${all.pages} pages, ${all.answers} answers, 0 different; one bit turned is noticed on every page`,
  );
});

const rowsOf = (name) => Papa.parse(readFileSync(path.join(WARDIAN_SEAL_MODELS, name), "utf8"), { skipEmptyLines: true }).data;

/** Seals a model with its rows and its trainer's answers; where the products are, and what the case became. */
async function seal(model) {
  const at = (name) => path.join(folder, model.name, name);
  const inputs = ["model", "data", "predictions"].map((kind) => path.join(WARDIAN_SEAL_MODELS, model[kind]));
  const title = model.features.some((name) => MARKUP.test(name)) ? ["--title", HOSTILE] : [];
  const shell = WARDIAN_SEAL_SHELL ? ["--shell", WARDIAN_SEAL_SHELL] : [];
  const outputs = ["page.html", "folder/", "case.json"].flatMap((name) => ["-o", at(name)]);
  const [file, data, predictions] = inputs;
  await run("mkdir", ["-p", path.join(folder, model.name)]);
  const { stderr } = await run(WARDIAN_COMMAND, ["seal", file, "--data", data, "--predictions", predictions, ...title, ...shell, ...outputs]);
  assert.match(stderr, new RegExp(`${model.rows} of ${model.rows} rows identical to ${model.trainer}`));
  return { page: at("page.html"), folder: at("folder"), case: JSON.parse(readFileSync(at("case.json"), "utf8")) };
}

/** A page of its own, and all that goes wrong in it: errors, dialogs, violations, and requests for anything that `isOwn` does not own. */
async function watched(isOwn) {
  const context = await browser.newContext({ locale: "en-GB", acceptDownloads: true });
  const faults = [];
  context.on("console", (message) => message.type() === "error" && faults.push(`console: ${message.text()}`));
  context.on("weberror", (error) => faults.push(`page: ${error.error().message}`));
  context.on("request", (request) => /^(data|blob):/.test(request.url()) || isOwn(request.url()) || faults.push(`a request elsewhere: ${request.url()}`));
  context.on("dialog", (dialog) => {
    faults.push(`a dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => console.error(`CSP: ${event.violatedDirective} ${event.sourceFile}:${event.lineNumber}`));
  });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  return { page, faults, close: () => context.close() };
}

/** The form and, once it is filled in, the result. */
async function first(page, sealed) {
  await page.locator("#main").waitFor();
  await page.locator("#example").click();
  const result = page.locator("#result:not(.empty)");
  await result.waitFor();
  assert.ok(await page.locator("form").first().isVisible());
  assert.ok((await page.locator("#headline").textContent()).trim() !== "", "the result has a headline");
  // Of many inputs those that matter most are shown first.
  const all = page.locator("#inputs-all");
  if (await all.isVisible()) {
    await all.click();
  }
  const labels = sealed.case.features.map(({ label, name }) => label ?? name).filter((label) => MARKUP.test(label));
  const shown = await page.locator("form").evaluateAll((forms) => forms.map((form) => form.textContent).join("\n"));
  for (const label of labels) {
    assert.ok(shown.includes(label), `the form has ${JSON.stringify(label)} as text`);
  }
}

/** What texts would have become that were taken for markup. */
async function noMarkup(page) {
  const made = await page.evaluate(() => document.querySelectorAll('img[src="x"], [onerror], #main script').length);
  assert.equal(made, 0, "no text became an element");
  const bold = await page.evaluate(() => [...document.querySelectorAll("b, i")].filter((element) => /^(bold|none|middle)$/.test(element.textContent)).length);
  assert.equal(bold, 0, "no text became an element");
}

/** The self-test of the page. */
async function replayed(page, model) {
  await page.locator("#tab-about").click();
  await page.locator("#selftest-run").click();
  await page.locator("#selftest-result .verdict").waitFor();
  const verdict = await page.locator("#selftest-result .verdict").textContent();
  assert.ok(verdict.startsWith(`20 of 20 identical to ${model.trainer}`), verdict);
}

const VIEWS = { f32: [Float32Array, Uint8Array], f64: [Float64Array, Uint8Array] };

/** The bits of a text that is a number of this precision, as text; with `turned` the last one is another. */
function bits(text, precision, turned = false) {
  const [Numbers, Bytes] = VIEWS[precision];
  const bytes = new Bytes(Numbers.of(Number(text)).buffer);
  bytes[0] ^= turned ? 1 : 0;
  return bytes.join();
}

/** Where answers are not the trainer's; `turned` is a place at which the trainer's last bit is taken for another. */
const differences = (given, expected, { precision, trainer }, turned) =>
  expected.flatMap((answers, row) =>
    answers.flatMap((theirs, place) => {
      const ours = given[row][place];
      const isTurned = turned !== undefined && row === turned[0] && place === turned[1];
      const isSame = ours !== "" && bits(ours, precision) === bits(theirs, precision, isTurned);
      return isSame ? [] : [`row ${row + 1}, answer ${place + 1}: ${ours}, ${trainer} says ${theirs}`];
    }),
  );

/** The answers of the page's place for files, to every row: those of the trainer to the bit. */
async function compared(page, model) {
  await page.locator("#tab-rows").click();
  await page.locator("#rows-file").waitFor({ state: "attached" });
  await page.locator("#rows-file").setInputFiles(path.join(WARDIAN_SEAL_MODELS, model.data));
  await page.locator("#rows-score").click();
  await page.locator(".outcome").waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator("#rows-download").click()]);
  const [header, ...rows] = Papa.parse(readFileSync(await download.path(), "utf8"), { skipEmptyLines: true }).data;
  const [, ...expected] = rowsOf(model.predictions);
  assert.equal(rows.length, expected.length);
  const width = model.features.length;
  // What was given comes first, then the answers, of classes the name of the likeliest before them, and what is wrong with the row.
  const start = header.length - 1 - model.answers;
  assert.ok(start === width || (model.kind === "classes" && start === width + 1), header.slice(width).join());
  assert.equal(header.at(-1), "error");
  rows.forEach((cells, row) => assert.equal(cells.at(-1), "", `row ${row + 1}`));
  const given = rows.map((cells) => cells.slice(start, -1));
  assert.deepEqual(differences(given, expected, model), []);
  // One bit would be noticed.
  assert.equal(differences(given, expected, model, [expected.length - 1, model.answers - 1]).length, 1);
  return rows.length * model.answers;
}

async function ask(model, sealed, url, isOwn) {
  const { page, faults, close } = await watched(isOwn);
  try {
    await page.goto(url);
    await first(page, sealed);
    await noMarkup(page);
    await replayed(page, model);
    const count = await compared(page, model);
    await noMarkup(page);
    assert.deepEqual(faults, []);
    all.pages += 1;
    all.answers += count;
    return count;
  } catch (error) {
    // What went wrong first tells more than what was waited for in vain.
    throw faults.length > 0 ? new Error(`${error.message}\n${faults.slice(0, 5).join("\n")}`, { cause: error }) : error;
  } finally {
    await close();
  }
}

for (const model of manifest) {
  test(`${model.name}: ${model.trainer} ${model.version}, ${model.kind}, ${model.features.length} features`, async (context) => {
    const sealed = await seal(model);
    assert.equal(sealed.case.kind, model.kind);

    await context.test("the single file, from file://", async (part) => {
      const url = pathToFileURL(sealed.page).href;
      const count = await ask(model, sealed, url, (asked) => asked.split("#")[0] === url);
      part.diagnostic(`${count} answers, 0 different`);
    });
    await context.test("the folder, from a server", async (part) => {
      const server = await serve(sealed.folder, "/some/base/");
      try {
        const count = await ask(model, sealed, server.url, (asked) => asked.startsWith(server.url));
        part.diagnostic(`${count} answers, 0 different`);
      } finally {
        await server.stop();
      }
    });
  });
}
