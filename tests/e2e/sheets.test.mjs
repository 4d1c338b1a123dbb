// Workbooks, JSON lines and kept plans at the built page, and in the package: run by `cargo xtask test`.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { rust, script, wardian } from "./package.mjs";
import { FOLDER, hosted } from "./page.mjs";

const host = hosted();
const folder = mkdtempSync(path.join(tmpdir(), "wardian-sheets-"));
after(() => rmSync(folder, { recursive: true }));

const inCases = (name) => fileURLToPath(new URL(`../cases/${name}`, import.meta.url));
const book = (name) => inCases(`workbooks/${name}`);
const bookBytes = (name) => readFileSync(book(name));
const BUILT = fileURLToPath(new URL("../../target/package/", import.meta.url));

async function rowsPage(options) {
  const page = await host.open(options);
  await page.locator("#tab-rows").click();
  await page.locator("#rows-file").waitFor({ state: "attached" });
  return page;
}

const give = (page, ...files) => page.locator("#rows-file").setInputFiles(files);

async function saved(page, button) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator(button).click()]);
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), "utf8") };
}

async function scored(page) {
  await page.locator("#rows-score").click();
  await page.locator(".outcome").waitFor();
  return saved(page, "#rows-download");
}

/** The modules for other kinds of files that were asked for, by the page or for it by its service worker. */
const fetched = () => [...new Set(host.requests.filter((url) => /(sheets|lines)_bg/.test(url)).map((url) => /(\w+)_bg/.exec(url)[1]))];

test("a module is fetched when a file asks for it, and kept for use offline", async () => {
  const page = await rowsPage();
  await page.locator('#offline[data-state="ready"]').waitFor({ state: "attached" });
  await give(page, inCases("page-units/mmol.csv"));
  await page.locator("#rows-score").waitFor();
  assert.deepEqual(fetched(), []);
  await give(page, book("rows.jsonl.gz"));
  const lines = await scored(page);
  assert.equal(lines.name, "rows-scored.csv");
  assert.deepEqual(fetched(), ["lines"]);
  await page.context().setOffline(true);
  await give(page, book("one.ods"));
  await page.locator(".failure").filter({ hasText: /cannot be reached now/ }).waitFor();
  await page.context().setOffline(false);
  host.forgive(/net::ERR_INTERNET_DISCONNECTED|Failed to load resource|FetchEvent/);
  await give(page, book("one.ods"));
  const ods = await scored(page);
  await page.context().setOffline(true);
  await page.reload();
  await page.locator("#rows-file").waitFor({ state: "attached" });
  await give(page, book("one.xlsx"));
  const xlsx = await scored(page);
  // Three kinds of file, one text; the command lines' as well, but for what the columns are called.
  const { stdout } = await rust("predict", "--csv", book("one.xlsx"), "--with-rows");
  for (const { text } of [ods, xlsx]) {
    assert.equal(text, stdout.replace("prediction,error", "probability,error"));
  }
  assert.equal(lines.text.split("\n")[1].split(",")[8], "0.10455212");
});

test("of several sheets the page asks for one, and another can be chosen afterwards", async () => {
  const page = await rowsPage();
  await give(page, book("several.xlsx"));
  await page.locator("#rows-asked").filter({ hasText: "The workbook has 2 sheets with cells." }).waitFor();
  assert.deepEqual(await page.locator("#rows-sheet option").allTextContents(), ["Choose a sheet", "Notes", "Rows"]);
  await page.locator("#rows-sheet").selectOption("Notes");
  await page.locator("#rows-none").waitFor();
  await page.locator("#rows-sheet").selectOption("Rows");
  await page.locator("#rows-none").waitFor({ state: "detached" });
  const { name, text } = await scored(page);
  assert.equal(name, "several-scored.csv");
  const { stdout } = await wardian("predict", "--csv", book("several.xlsx"), "--sheet", "Rows", "--with-rows");
  assert.equal(text, stdout.replace("prediction,error", "probability,error"));
});

test("what cannot be read is refused, with its place", async () => {
  const page = await rowsPage();
  for (const [name, sentence] of [
    ["formula.xlsx", /row 2, column 2: a formula that was never worked out/],
    ["cut.xlsx", /looks like a spreadsheet .* and cannot be read as one/],
    ["bad.jsonl", /line 3: "glucose" is neither a number nor a text/],
  ]) {
    await give(page, book(name));
    await page.locator(".failure").filter({ hasText: sentence }).waitFor();
  }
  const list = path.join(folder, "list.json");
  writeFileSync(list, '[{"age": 1}]');
  await give(page, list);
  await page.locator(".failure").filter({ hasText: /JSON list/ }).waitFor();
});

test("a plan is saved, is the command lines' own, and reads the next file; one of another file is refused", async () => {
  const page = await rowsPage();
  const mmol = inCases("page-units/mmol.csv");
  await give(page, mmol);
  await page.locator("#rows-score").waitFor();
  const plan = await saved(page, "#rows-plan-save");
  assert.equal(plan.name, "mmol-plan.json");
  const [ours, theirs] = await Promise.all([wardian("predict", "--csv", mmol, "--show-plan"), rust("predict", "--csv", mmol, "--show-plan")]);
  assert.deepEqual([plan.text, plan.text], [ours.stdout, theirs.stdout]);

  // A correction is in the plan: insulin's column is kept as it is. `--plan` of the program reads by it as the page does.
  await page.locator("table.preview tr:last-child select:not(.unit)").nth(4).selectOption("");
  await page.locator("#rows-absent, #rows-doubts").first().waitFor();
  if ((await page.locator("#rows-doubts").count()) > 0) {
    await page.locator("#rows-confirm").click();
    await page.locator("#rows-doubts").waitFor({ state: "detached" });
  }
  const corrected = await saved(page, "#rows-plan-save");
  const file = path.join(folder, "corrected-plan.json");
  writeFileSync(file, corrected.text);
  const scoredByPage = await scored(page);
  const byProgram = await rust("predict", "--csv", mmol, "--plan", file, "--with-rows");
  assert.equal(scoredByPage.text, byProgram.stdout.replace("prediction,error", "probability,error"));

  // Before the next file, beside it, and after it.
  await page.reload();
  await page.locator("#rows-file").waitFor({ state: "attached" });
  await give(page, file);
  await page.locator("#rows-waiting").waitFor();
  await give(page, mmol);
  assert.equal((await scored(page)).text, scoredByPage.text);
  await give(page, file, mmol);
  await page.locator("#rows-score").waitFor();
  assert.equal((await saved(page, "#rows-plan-save")).text, corrected.text);
  await give(page, mmol);
  await page.locator("#rows-score").waitFor();
  assert.equal((await saved(page, "#rows-plan-save")).text, plan.text);
  await page.locator("#rows-plan").setInputFiles(file);
  await page.locator("#rows-absent").waitFor();
  assert.equal((await scored(page)).text, scoredByPage.text);

  await give(page, inCases("page-units/months.csv"), file);
  await page.locator(".failure").filter({ hasText: "The saved plan does not fit this file. (line 1: the header names other columns than the plan does)" }).waitFor();
  await page.locator("#rows-without-plan").click();
  await page.locator("#rows-score").waitFor();
});

test("the single file reads JSON lines, and says what to do with a workbook", async () => {
  const page = await (await host.context({ offline: true })).newPage();
  host.forgive(/^a request left the origin: file:.*page\.html$/);
  await page.goto(pathToFileURL(path.join(FOLDER, "page.html")).href);
  await page.locator("#tab-rows").click();
  await page.locator("#rows-file").waitFor({ state: "attached" });
  await give(page, book("rows.jsonl"));
  assert.match((await scored(page)).text, /0\.10455212/);
  await give(page, book("one.xlsx"));
  await page.locator(".failure").filter({ hasText: "This single file reads no workbooks" }).waitFor();
});

test("the package reads them with its own modules or with given ones, and required as well", async () => {
  const { asCsv, kindOf } = await script("sheets.js");
  const required = createRequire(import.meta.url)(path.join(BUILT, "sheets.cjs"));
  const text = async ({ chunks }) => {
    const pieces = [];
    for await (const piece of chunks) {
      pieces.push(piece);
    }
    return Buffer.concat(pieces).toString();
  };
  const expected = `${Object.keys(JSON.parse(bookBytes("rows.jsonl").toString().split("\n")[0]))}\n1,106,70,28,135,34.2,0.142,22\n8,183,64,,,23.3,0.672,32\n`;
  const modules = { sheets: readFileSync(path.join(BUILT, "sheets.wasm")), lines: readFileSync(path.join(BUILT, "lines.wasm")) };
  for (const name of ["one.xlsx", "one.xlsx.gz", "one.ods", "rows.jsonl", "rows.jsonl.gz"]) {
    for (const each of [asCsv, required.asCsv, (file) => asCsv(file, {}, modules)]) {
      assert.equal(await text(await each([bookBytes(name)])), expected, name);
      // However it comes, and as a stream.
      assert.equal(await text(await each(new Blob([bookBytes(name)]).stream())), expected, name);
      assert.equal(await text(await each(Array.from(bookBytes(name), (byte) => Uint8Array.of(byte)))), expected, name);
    }
  }
  const { sheets, kind, options, madeLines } = await asCsv([bookBytes("several.xlsx")], { sheet: "Rows", absent: true });
  assert.deepEqual([sheets, kind, madeLines], [["Notes", "Rows"], "workbook", 0]);
  assert.deepEqual(options, { absent: true, decimal: ".", encoding: "utf-8", delimiter: "," });
  await assert.rejects(asCsv([bookBytes("several.xlsx")]), ({ code, sheets: names }) => code === "ambiguous_input" && names.join() === "Notes,Rows");
  await assert.rejects(asCsv([bookBytes("cut.xlsx")]), { name: "WardianError", code: "wrong_type" });
  // What is CSV already is what it was.
  assert.equal(await text(await asCsv([Buffer.from("a,b\n1,2\n")])), "a,b\n1,2\n");
  assert.deepEqual([kindOf(Buffer.from("  {")), kindOf(Buffer.from("[1]")), kindOf(Buffer.from("PK\x03\x04"))], ["json-lines", undefined, "workbook"]);
});
