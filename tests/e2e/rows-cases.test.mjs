// The table of files that were read wrongly once, on every road: both command lines, the package's reader, the page.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import Papa from "papaparse";
import { rust, script, shippedModel, wardian } from "./package.mjs";
import { hosted } from "./page.mjs";

const host = hosted();

const inCases = (name) => fileURLToPath(new URL(`../cases/${name}`, import.meta.url));
const CASES = JSON.parse(readFileSync(inCases("rows.json"), "utf8"));
const place = ({ folder, file, options }) => `${folder}/${file} ${JSON.stringify(options)}`;
const isShipped = ({ model }) => model === "diabetes";
/** A file's numbers, as 32-bit floats. */
const numbersOf = (text) => text.trim().split("\n").map((line) => line.split(",").map((number) => Math.fround(Number(number))));
const expectedOf = ({ folder, margins, predictions }) => numbersOf(readFileSync(inCases(`${folder}/${margins ?? predictions}`), "utf8"));

const fileWords = ({ folder, model, file, options, margins }) => ["predict", "--csv", inCases(`${folder}/${file}`), ...(model === "diabetes" ? [] : ["--model", inCases(`${folder}/${model}`)]), ...(margins ? ["--margin"] : []), ...options.flatMap(([name, text]) => [`--${name}`, text])];

test("both command lines give rows back alike, and show one plan, which reads the file again", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "wardian-plans-"));
  const kept = path.join(folder, "plan.json");
  try {
    for (const each of CASES) {
      const words = fileWords(each);
      const [ours, theirs] = await Promise.all([wardian(...words, "--with-rows"), rust(...words, "--with-rows")]);
      assert.deepEqual(ours, theirs, place(each));
      const [shown, other] = await Promise.all([wardian(...words, "--show-plan"), rust(...words, "--show-plan")]);
      assert.deepEqual(shown, other, place(each));
      if (shown.status !== 0) {
        continue;
      }
      writeFileSync(kept, shown.stdout);
      const sheet = each.options.filter(([name]) => name === "sheet");
      const by = [...fileWords({ ...each, options: sheet }), "--plan", kept];
      const [again, theirsAgain, plain] = await Promise.all([wardian(...by), rust(...by), rust(...words)]);
      assert.deepEqual(again, theirsAgain, place(each));
      assert.deepEqual([again.status, again.stdout], [plain.status, plain.stdout], place(each));
    }
    // The last plan is of another file.
    const other = ["predict", "--csv", inCases("page-units/months.csv"), "--plan"];
    writeFileSync(kept, (await rust("predict", "--csv", inCases("page-units/mmol.csv"), "--show-plan")).stdout);
    const [ours, theirs] = await Promise.all([wardian(...other, kept), rust(...other, kept)]);
    assert.deepEqual(ours, theirs);
    assert.match(ours.stderr, /line 1: the header names other columns than the plan does/);
    const { status, stderr } = await wardian(...other, kept, "--header", "yes");
    assert.deepEqual([status, stderr], [2, "wardian: --plan says all of a file: --header cannot be said as well (wardian --help)\n"]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("both command lines read them alike", async () => {
  for (const each of CASES) {
    const { refused } = each;
    const words = fileWords(each);
    const [ours, theirs] = await Promise.all([wardian(...words), rust(...words)]);
    assert.deepEqual(ours, theirs, place(each));
    if (refused !== undefined) {
      assert.equal(ours.status, 1, place(each));
      assert.ok(ours.stderr.includes(refused), `${place(each)}: ${ours.stderr}`);
    } else {
      assert.deepEqual([ours.status, numbersOf(ours.stdout)], [0, expectedOf(each)], `${place(each)}: ${ours.stderr}`);
    }
  }
});

test("the package's reader reads them so, and writes each row back with its answer", async () => {
  await shippedModel();
  const { Model, shippedModel: shipped } = await script("wardian.js");
  const { convert, initSync } = await script("convert.js");
  const { Rows, inUtf8 } = await script("rows.js");
  const { asCsv } = await script("sheets.js");
  const read = (name) => readFileSync(new URL(`../../target/package/${name}`, import.meta.url));
  initSync({ module: read("convert_bg.wasm") });
  const module = new WebAssembly.Module(read("rows.wasm"));
  const words = JSON.parse(read("columns.json").toString());
  for (const each of CASES) {
    const { folder, file, options, margins, refused } = each;
    const model = isShipped(each) ? shipped() : new Model(convert(readFileSync(inCases(`${folder}/${each.model}`)), {})[0]);
    const rows = new Rows(module, model.description.features, isShipped(each) ? words : {});
    const packed = readFileSync(inCases(`${folder}/${file}`));
    const given = Object.fromEntries(options.map(([name, text]) => [name === "base-margin" ? "baseMargin" : name, ["column", "unit"].includes(name) ? Object.fromEntries([text.split("=")]) : text]));
    let answers = [];
    let why = "";
    try {
      const { chunks: text, options: said } = await asCsv([packed], given);
      const pieces = [];
      for await (const piece of text) {
        pieces.push(piece);
      }
      const bytes = Buffer.concat(pieces);
      const plan = rows.plan(bytes, true, said);
      const names = Array.from({ length: margins ? model.description.outputs : model.description.predictions }, (_, index) => `answer_${index}`);
      rows.addColumns(names);
      why = plan.doubts.map(({ message }) => message).join("; ");
      if (plan.doubts.length === 0) {
        const chunks = [];
        for await (const chunk of inUtf8([bytes], plan.encoding)) {
          chunks.push(chunk);
        }
        const { values, baseMargin, faults } = rows.read(Buffer.concat(chunks), true);
        const asked = { codes: true, baseMargin };
        const text = Buffer.from(rows.write(margins ? model.marginsMany(values, asked) : model.predictMany(values, asked))).toString();
        why = faults.map(({ message }) => message).join("; ");
        const { data } = Papa.parse(text, { delimiter: plan.delimiter, skipEmptyLines: true });
        answers = data.map((cells) => cells.slice(-1 - names.length, -1).map((cell) => Math.fround(Number(cell.replace(",", ".")))));
      }
    } catch (error) {
      why = error.message;
    }
    if (refused !== undefined) {
      assert.ok(why.includes(refused), `${place(each)}: ${why}`);
    } else {
      assert.deepEqual(answers, expectedOf(each), `${place(each)}: ${why}`);
    }
  }
});

test("the page reads the shipped model's so, and asks where it is in doubt", { timeout: 120_000 }, async () => {
  const page = await host.open();
  await page.locator("#tab-rows").click();
  await page.locator("#rows-file").waitFor({ state: "attached" });
  for (const each of CASES.filter(isShipped)) {
    await page.locator("#rows-file").setInputFiles(inCases(`${each.folder}/${each.file}`));
    await page.locator("#rows-score, .failure, #rows-asked").first().waitFor();
    if (each.folder === "workbooks" && each.refused !== undefined) {
      // A file that cannot be read says why; one of several sheets asks.
      const said = await page.locator(".failure, #rows-asked").first().textContent();
      assert.ok(said.includes(each.refused) || said.includes("has 2 sheets"), `${place(each)}: ${said}`);
      continue;
    }
    for (const [name, text] of each.options) {
      if (name === "sheet") {
        await page.locator("#rows-sheet").selectOption(text);
        await page.locator("#rows-score").waitFor();
      } else if (name === "thousands") {
        await page.locator("#rows-form > summary").click();
        await page.locator("#rows-form-numbers").selectOption("1,500.5");
      } else {
        const [feature, column] = text.split("=");
        await page.locator("table.preview tr:last-child select:not(.unit)").nth(Number(column.slice(1)) - 1).selectOption(feature);
      }
      await page.locator("#rows-doubts").waitFor({ state: "detached" });
    }
    if (each.refused?.includes("may both be")) {
      assert.equal(await page.locator("#rows-score").isDisabled(), true, place(each));
      await page.locator("#rows-doubts").waitFor();
      continue;
    }
    await page.locator("#rows-score").click();
    await page.locator(".outcome").waitFor();
    const [download] = await Promise.all([page.waitForEvent("download"), page.locator("#rows-download").click()]);
    const { data, meta } = Papa.parse(readFileSync(await download.path(), "utf8"), { skipEmptyLines: true });
    const column = data[0].findIndex((name) => name === "probability");
    const answers = data.slice(1).map((cells) => cells[column]);
    if (each.refused !== undefined) {
      // A row that cannot be read has no answer, and says why.
      assert.ok(data.slice(1).some((cells) => cells[column] === "" && cells[column + 1].includes(each.refused)), `${place(each)}: ${answers} ${meta.delimiter}`);
    } else {
      assert.deepEqual(answers.map((text) => [Math.fround(Number(text.replace(",", ".")))]), expectedOf(each), place(each));
    }
  }
});
