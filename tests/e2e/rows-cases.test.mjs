// The table of files that were read wrongly once, on every road: both command lines, the package's reader, the page.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
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

test("both command lines read them alike", async () => {
  for (const each of CASES) {
    const { folder, model, file, options, margins, refused, rustReads } = each;
    const words = ["predict", "--csv", inCases(`${folder}/${file}`), ...(isShipped(each) ? [] : ["--model", inCases(`${folder}/${model}`)]), ...(margins || rustReads ? ["--margin"] : []), ...options.flatMap(([name, text]) => [`--${name}`, text])];
    const [ours, theirs] = await Promise.all([wardian(...words), rust(...words)]);
    if (rustReads) {
      assert.deepEqual([theirs.status, numbersOf(theirs.stdout)], [0, expectedOf({ folder, margins: rustReads })], place(each));
    } else {
      assert.deepEqual(ours, theirs, place(each));
    }
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
  const read = (name) => readFileSync(new URL(`../../target/package/${name}`, import.meta.url));
  initSync({ module: read("convert_bg.wasm") });
  const module = new WebAssembly.Module(read("rows.wasm"));
  const words = JSON.parse(read("columns.json").toString());
  for (const each of CASES) {
    const { folder, file, options, margins, refused } = each;
    const model = isShipped(each) ? shipped() : new Model(convert(readFileSync(inCases(`${folder}/${each.model}`)), {})[0]);
    const rows = new Rows(module, model.description.features, isShipped(each) ? words : {});
    const bytes = readFileSync(inCases(`${folder}/${file}`));
    const said = Object.fromEntries(options.map(([name, text]) => [name, ["column", "unit"].includes(name) ? Object.fromEntries([text.split("=")]) : text]));
    let answers = [];
    let why = "";
    try {
      const plan = rows.plan(bytes, true, said);
      const names = Array.from({ length: margins ? model.description.outputs : model.description.predictions }, (_, index) => `answer_${index}`);
      rows.addColumns(names);
      why = plan.doubts.map(({ message }) => message).join("; ");
      if (plan.doubts.length === 0) {
        const chunks = [];
        for await (const chunk of inUtf8([bytes], plan.encoding)) {
          chunks.push(chunk);
        }
        const { values, faults } = rows.read(Buffer.concat(chunks), true);
        const text = Buffer.from(rows.write(margins ? model.marginsMany(values, { codes: true }) : model.predictMany(values, { codes: true }))).toString();
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
    await page.locator("#rows-score").waitFor();
    for (const [name, text] of each.options) {
      if (name === "thousands") {
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
