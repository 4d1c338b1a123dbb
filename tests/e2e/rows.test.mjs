// A file of rows at the built page. Run by `cargo xtask test`, which builds the page and names the browser.
import assert from "node:assert/strict";
import { createReadStream, mkdtempSync, openSync, writeSync, closeSync, rmSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import Papa from "papaparse";
import { golden } from "./golden.mjs";
import { NAMES } from "./module-cases.mjs";
import { FOLDER, hosted } from "./page.mjs";
import { tasksOf } from "./tasks.mjs";

const host = hosted();
const folder = mkdtempSync(path.join(tmpdir(), "wardian-rows-"));
after(() => rmSync(folder, { recursive: true }));

/** The million rows: the golden ones again and again, each with a number of its own. */
const MILLION = 1_000_000;
const LONGEST_TASK_MS = 50;

async function rowsPage(options) {
  const page = await host.open(options);
  await page.locator("#tab-rows").click();
  await page.locator("#rows-file").waitFor({ state: "attached" });
  return page;
}

/** Gives the page a file of this text, or the file at this path. */
async function give(page, content, name = "rows.csv") {
  const file = content instanceof URL ? content.pathname : { name, mimeType: "text/csv", buffer: Buffer.from(content) };
  await page.locator("#rows-file").setInputFiles(file);
}

async function scored(page, content) {
  await give(page, content);
  await page.locator("#rows-score").click();
  await page.locator(".outcome").waitFor({ timeout: 120_000 });
}

async function downloaded(page) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator("#rows-download").click()]);
  return { name: download.suggestedFilename(), path: await download.path() };
}

async function answers(page, content) {
  await scored(page, content);
  const { path: file } = await downloaded(page);
  return Papa.parse(readFileSync(file, "utf8"), { skipEmptyLines: true }).data;
}

/** Whether a number, in a file's own signs, is the golden one to the last bit. */
const isGolden = (text, index) => Object.is(Math.fround(Number(text.replace(",", "."))), golden[index % golden.length].probability);
const fact = async (page, name) => Number((await page.locator(`#rows-${name}`).textContent()).replace(/[^\d.]/g, ""));
const table = (rows, delimiter = ",") => rows.map((cells) => cells.join(delimiter)).join("\n");
const values = golden.map(({ data }) => data.split(","));

test("every form of the golden file gets XGBoost's bits", async () => {
  const page = await rowsPage();
  const order = [3, 7, 0, 5, 1, 6, 2, 4];
  const permuted = (cells) => order.map((index) => cells[index]);
  const quoted = (cells) => cells.map((cell) => `"${cell}"`);
  const forms = {
    header: [NAMES, ...values],
    permuted: [permuted(NAMES), ...values.map(permuted)],
    quoted: [quoted(NAMES), ...values.map(quoted)],
    extra: [["id", ...NAMES, "note"], ...values.map((cells, index) => [`p${index}`, ...cells, '"a, ""b""\nc"'])],
    spaced: [NAMES.map((name) => ` ${name.toUpperCase().replaceAll("_", " ")} `), ...values.map((cells) => cells.map((cell) => ` ${cell} `))],
    bare: values,
  };
  const texts = Object.entries(forms).map(([form, rows]) => [form, table(rows), rows]);
  texts.push(["bom and CRLF", `\ufeff${table(forms.header).replaceAll("\n", "\r\n")}\r\n\r\n`, forms.header]);
  texts.push(["CR", table(forms.header).replaceAll("\n", "\r"), forms.header]);
  texts.push(["semicolons and decimal commas", table([NAMES, ...values.map((cells) => cells.map((cell) => cell.replace(".", ",")))], ";"), forms.header]);
  texts.push(["tabs", table(forms.header, "\t"), forms.header]);
  for (const [form, text, rows] of texts) {
    const [names, ...found] = await answers(page, text);
    const width = rows[0].length;
    assert.deepEqual(names.slice(width), ["probability", "error"], form);
    assert.equal(found.length, golden.length, form);
    found.forEach((cells, index) => assert.ok(isGolden(cells[width], index) && cells[width + 1] === "", `${form}, row ${index + 1}: ${cells}`));
    assert.equal(await fact(page, "count"), golden.length);
  }
  // Columns that are not the model's come back as they were.
  const [, ...extra] = await answers(page, texts[3][1]);
  assert.deepEqual(extra[5].slice(0, 10), ["p5", ...values[5], 'a, "b"\nc']);
});

test("a column can be taken for another, and the header switched", async () => {
  const page = await rowsPage();
  const names = NAMES.with(1, "mystery");
  await give(page, table([names, ...values]));
  await page.locator("#rows-absent").waitFor();
  assert.equal(await page.locator("#rows-score").isDisabled(), true);
  await page.getByLabel("mystery").selectOption({ label: await page.locator("#rows-absent").textContent().then((text) => /No column for (.*?):/.exec(text)[1]) });
  await page.locator("#rows-absent").waitFor({ state: "detached" });
  await page.locator("#rows-score").click();
  await page.locator(".outcome").waitFor();
  const { name, path: file } = await downloaded(page);
  assert.equal(name, "rows-scored.csv");
  const [header, ...rows] = Papa.parse(readFileSync(file, "utf8"), { skipEmptyLines: true }).data;
  assert.equal(header[1], "mystery");
  rows.forEach((cells, index) => assert.ok(isGolden(cells[8], index)));

  await give(page, table([NAMES, ...values.slice(0, 3)]));
  assert.equal(await page.locator("#rows-header").isChecked(), true);
  await page.locator("#rows-header").uncheck();
  await page.locator("#rows-score").click();
  await page.locator(".outcome").waitFor();
  assert.equal(await fact(page, "errors"), 1);
  assert.equal(await fact(page, "count"), 4);
});

test("columns without names and one more than the model has are asked about, and may be the first ones", async () => {
  const page = await rowsPage();
  const text = table(values.map((cells, index) => [...cells, index % 2]));
  await give(page, text);
  await page.locator("#rows-in-order").click();
  await page.locator("#rows-doubts").waitFor({ state: "detached" });
  await page.locator("#rows-score").click();
  await page.locator(".outcome").waitFor();
  const { path: file } = await downloaded(page);
  const [names, ...rows] = Papa.parse(readFileSync(file, "utf8"), { skipEmptyLines: true }).data;
  assert.deepEqual(names, [...NAMES, "column_9", "probability", "error"]);
  rows.forEach((cells, index) => assert.ok(isGolden(cells[9], index)));
});

test("bad rows are counted, listed and given back without an answer", async () => {
  const page = await rowsPage();
  const bad = [["1", "abc", ...values[0].slice(2)], ["1", "2"], ["1", "1e999", ...values[0].slice(2)]];
  const rows = [NAMES, ...values.slice(0, 10), ...bad, ...values.slice(10, 20)];
  const [, ...found] = await answers(page, table(rows));
  assert.deepEqual(found.slice(10, 13).map((cells) => cells.slice(-2)), [
    ["", 'glucose: "abc" is not a number'],
    ["", "the line has 2 fields, fewer than the 8 that the header names"],
    ["", 'glucose: "1e999" is not a finite number'],
  ]);
  [...found.slice(0, 10), ...found.slice(13)].forEach((cells, index) => assert.ok(isGolden(cells[8], index)));
  assert.equal(await fact(page, "errors"), 3);
  await page.locator("input[value=errors]").check();
  assert.deepEqual(await page.locator("#rows-table tbody td:first-child").allTextContents(), ["11", "12", "13"]);
});

test("reasons come with the answers, and the riskiest first in their table", async () => {
  const page = await rowsPage();
  await give(page, table([NAMES, ...values]));
  await page.locator("#rows-reasons").check();
  await page.locator("#rows-score").click();
  await page.locator(".outcome").waitFor();
  const { path: file } = await downloaded(page);
  const [names, ...found] = Papa.parse(readFileSync(file, "utf8"), { skipEmptyLines: true }).data;
  assert.deepEqual(names.slice(8), ["probability", "reasons", "error"]);
  for (const cells of found) {
    assert.match(cells[9], /^(\w+ [+-]\d+\.\d\d(; |$)){3}$/);
  }
  const expected = await page.evaluate(async (data) => {
    const explainer = await import(new URL("explain.js", document.baseURI));
    await explainer.loadExplainer(new URL("explain_bg.wasm", document.baseURI));
    const { contributions } = explainer.explain(data);
    const most = Object.entries(contributions).sort(([, one], [, other]) => Math.abs(other) - Math.abs(one));
    return most.slice(0, 3).map(([name, value]) => `${name} ${value < 0 ? "" : "+"}${value.toFixed(2)}`).join("; ");
  }, golden[7].data);
  assert.equal(found[7][9], expected);
  const highest = Math.max(...golden.map(({ probability }) => probability));
  assert.equal(await page.locator("#rows-table tbody td:nth-child(2)").first().textContent(), `${(highest * 100).toFixed(1)}%`);
});

test("the single file scores too, from a disk", async () => {
  const { href } = pathToFileURL(path.join(FOLDER, "page.html"));
  const page = await (await host.context({ offline: true })).newPage();
  // Opening the file is the one request, and it is not to the server that the other tests have.
  host.forgive(/^a request left the origin: file:.*page\.html$/);
  await page.goto(href);
  await page.locator("#tab-rows").click();
  await page.locator("#rows-file").waitFor({ state: "attached" });
  await give(page, table([NAMES, ...values]));
  await page.locator("#rows-reasons").check();
  await page.locator("#rows-score").click();
  await page.locator(".outcome").waitFor();
  const { path: result } = await downloaded(page);
  const [, ...found] = Papa.parse(readFileSync(result, "utf8"), { skipEmptyLines: true }).data;
  assert.equal(found.length, golden.length);
  found.forEach((cells, index) => assert.ok(isGolden(cells[8], index) && cells[9] !== ""));
});

test("what is no table is refused with a sentence, at once", async () => {
  const page = await rowsPage();
  const long = path.join(folder, "long.csv");
  writeFileSync(long, Buffer.alloc(50 * 1024 * 1024, "1,"));
  const lateLong = path.join(folder, "late.csv");
  writeFileSync(lateLong, `${table([NAMES, ...values])}\n"${"x".repeat(3 * 1024 * 1024)}`);
  const wide = path.join(folder, "wide.csv");
  writeFileSync(wide, `${"a,".repeat(9999)}a\n${"1,".repeat(9999)}1\n`);
  const binary = path.join(folder, "binary.csv");
  writeFileSync(binary, readFileSync(process.execPath).subarray(0, 3e6));
  const empty = path.join(folder, "empty.csv");
  writeFileSync(empty, "");
  for (const [file, sentence] of [[long, /longer than a megabyte/], [wide, /10,000 columns/], [binary, /cannot be read as a table/], [empty, /is empty/]]) {
    const started = Date.now();
    await give(page, new URL(`file://${file}`));
    await page.locator(".failure").filter({ hasText: sentence }).waitFor({ timeout: 5000 });
    console.log(`${path.basename(file)}: refused after ${Date.now() - started} ms`);
  }
  await give(page, new URL(`file://${lateLong}`));
  await page.locator("#rows-score").click();
  await page.locator(".failure").filter({ hasText: /longer than a megabyte/ }).waitFor({ timeout: 5000 });
  // And after all that a good file is scored.
  await scored(page, table([NAMES, ...values.slice(0, 3)]));
});

/** A file of a million rows: the golden ones with a number before each. */
function million() {
  const file = path.join(folder, "million.csv");
  const out = openSync(file, "w");
  writeSync(out, `number,${NAMES.join(",")}\n`);
  for (let start = 0; start < MILLION; start += 10_000) {
    let text = "";
    for (let row = start; row < start + 10_000; row += 1) {
      text += `${row},${golden[row % golden.length].data}\n`;
    }
    writeSync(out, text);
  }
  closeSync(out);
  return file;
}

/** Watches for tasks of the page's thread that are long by the clock. */
const watchTasks = (page) => page.evaluate(() => {
  window.longTasks = [];
  new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map(({ duration }) => Math.round(duration)))).observe({ type: "longtask" });
});

/** Scores the million rows. */
async function timed(page, session) {
  const heap = async () => (await session.send("Runtime.getHeapUsage")).usedSize / 1e6;
  await session.send("HeapProfiler.collectGarbage");
  const before = await heap();
  const begun = Date.now();
  await page.locator("#rows-score").click();
  let most = 0;
  while ((await page.locator(".outcome").count()) === 0) {
    most = Math.max(most, await heap());
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.ok(Date.now() - begun < 90_000, "scored in a minute and a half");
  }
  const seconds = (Date.now() - begun) / 1000;
  const byClock = await page.evaluate(() => window.longTasks);
  console.log(`${MILLION} rows in ${seconds.toFixed(1)} s; heap ${before.toFixed(1)} MB before, ${most.toFixed(1)} MB at most; tasks above ${LONGEST_TASK_MS} ms by the clock: ${byClock.length} (${byClock})`);
  assert.ok(most - before < 30, `the heap grew by ${most - before} MB`);
}

test("a million rows leave the page at ease and memory where it is; cancelling is at once", { timeout: 400_000 }, async () => {
  const page = await rowsPage();
  const file = million();
  const session = await page.context().newCDPSession(page);
  await give(page, new URL(`file://${file}`));
  await page.locator("#rows-score").waitFor();
  await watchTasks(page);

  await page.locator("#rows-score").click();
  await page.waitForFunction(() => document.querySelector("#rows-progress")?.value > 0.1);
  const started = Date.now();
  await page.locator("#rows-cancel").click();
  await page.locator("#rows-cancelled").waitFor();
  console.log(`cancelled after ${Date.now() - started} ms`);
  // The browser tells of their end a moment later.
  for (let tries = 0; page.workers().length > 0 && tries < 50; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.equal(page.workers().length, 0);
  assert.equal(await page.locator(".outcome").count(), 0);

  const tasks = await tasksOf(host.browser, page, () => timed(page, session));
  console.log(`tasks of the page's thread: ${tasks.length}, the longest ${Math.max(...tasks).toFixed(1)} ms`);
  assert.ok(tasks.length > 10, "the tasks were watched");
  assert.deepEqual(tasks.filter((duration) => !(duration <= LONGEST_TASK_MS)), []);
  assert.equal(await fact(page, "count"), MILLION);
  assert.equal(await fact(page, "errors"), 0);

  const { path: result } = await downloaded(page);
  let row = -1;
  for await (const line of createInterface({ input: createReadStream(result) })) {
    if (row === -1) {
      assert.equal(line, `number,${NAMES.join(",")},probability,error`);
    } else {
      const cells = line.split(",");
      if (!(line.startsWith(`${row},${golden[row % golden.length].data},`) && cells.length === 11 && isGolden(cells[9], row))) {
        assert.fail(`line ${row + 2}: ${line}`);
      }
    }
    row += 1;
  }
  assert.equal(row, MILLION);
});
