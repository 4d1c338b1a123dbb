// Files that are not what the studio asks for, and those of which it asks more: each is told by what it is, with what to do.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { zipSync } from "../../www/node_modules/fflate/esm/index.mjs";
import { hosted } from "./page.mjs";
import { differing, give, openModel, root, together } from "./studio.mjs";

const host = hosted();
const studio = (options) => host.open({ at: "studio/index.html", acceptDownloads: true, ...options });
const text = (page, id) => page.locator(`#${id}`).textContent();
const file = (name, content) => ({ name, mimeType: "application/octet-stream", buffer: Buffer.from(content) });
const binary = (...parts) => Buffer.concat(parts.map((part) => Buffer.from(part, "latin1")));
const zipped = (...names) => zipSync(Object.fromEntries(names.map((name) => [name, new Uint8Array(9)])));

const DIABETES = path.join(root, "models/diabetes/diabetes.ubj");
const TRAINER = /Save the model by its trainer: save_model\("model\.ubj"\) of XGBoost/;
const CSV = /Save the rows as CSV: with to_csv\("rows\.csv", index=False\) of pandas/;
/** A file, what is said of it in the place of a model, and in that of rows; nothing of those that rows may be. */
const FILES = [
  [file("net.h5", binary("\x89HDF\r\n\x1a\n\0\0")), [/layers \(HDF5\)/, TRAINER], [/layers \(HDF5\)/, CSV]],
  [file("net.keras", zipped("metadata.json", "config.json", "model.weights.h5")), [/zip file, as Keras/, /unpack it/], undefined],
  [file("rows.parquet", binary("PAR1\x15\0\x15\0")), [/Parquet file: rows/, TRAINER], [/Parquet file: rows/, CSV]],
  [file("model.xz", binary("\xfd7zXZ\0\0\x04")), [/packed with xz\. Unpack it/], [/packed with xz\. Unpack it/]],
  [file("model.7z", binary("7z\xbc\xaf\x27\x1c\0\x04")), [/packed with 7-Zip\. Unpack it/], [/packed with 7-Zip\. Unpack it/]],
  [file("model.rar", binary("Rar!\x1a\x07\x01\0")), [/packed with RAR\. Unpack it/], [/packed with RAR\. Unpack it/]],
  [file("report.docx", zipped("[Content_Types].xml", "word/document.xml")), [/a document \(Word\)/, TRAINER], [/a document \(Word\)/, CSV]],
  [file("report.pdf", "%PDF-1.7\n1 0 obj\n"), [/a document \(PDF\)/, TRAINER], [/a document \(PDF\)/, CSV]],
  [file("plot.png", binary("\x89PNG\r\n\x1a\n\0\0\0\rIHDR")), [/a picture \(PNG\)/, TRAINER], [/a picture \(PNG\)/, CSV]],
  [file("plot.jpg", binary("\xff\xd8\xff\xe0\0\x10JFIF")), [/a picture \(JPEG\)/, TRAINER], [/a picture \(JPEG\)/, CSV]],
  [file("model.ubj", "<!DOCTYPE html>\n<html><title>Sign in</title>"), [/a web page.*Download the file itself/], [/a web page.*Download the file itself/]],
  [{ ...file("book.xlsx", ""), buffer: readFileSync(path.join(root, "tests/cases/workbooks/several.xlsx")) }, [/a workbook, and no model\. If it has rows/], undefined],
];

test("what no model is and no rows are is told by what it is, with what to save instead", async () => {
  const page = await studio();
  for (const [given, said] of FILES) {
    await give(page, "model-file", given);
    await page.locator("#model-fault", { hasText: given.name }).waitFor();
    for (const each of said) {
      assert.match(await text(page, "model-fault"), each, given.name);
    }
  }
  await openModel(page, DIABETES);
  for (const [given, , said] of FILES.filter(([, , rows]) => rows !== undefined)) {
    await give(page, "data-file", given);
    await page.locator("#data-fault", { hasText: given.name }).waitFor();
    for (const each of said) {
      assert.match(await text(page, "data-fault"), each, given.name);
    }
  }
  await page.locator("#data-remove").click();
  // Names of columns may begin as other files do.
  const names = readFileSync(path.join(root, "models/diabetes/pima-indians-diabetes.csv"), "utf8").replace(/^/, "ZF_score,").replaceAll("\n", "\n0,");
  await give(page, "data-file", file("rows.csv", names.replace(/0,$/, "")));
  await page.locator("#data-told", { hasText: "768 rows" }).waitFor();
});

test("in training such files are told as well, in every language", async () => {
  for (const [locale, packed, rows] of [["en-GB", /packed with 7-Zip/, /Parquet file.*Save the rows as CSV/], ["zh-CN", /用 7-Zip 压缩/, /Parquet 文件.*存为 CSV/], ["es-ES", /comprimido con 7-Zip/, /archivo Parquet.*Guarda las filas como CSV/]]) {
    const page = await studio({ locale });
    await page.locator("#train").click();
    for (const [name, said] of [["model.7z", packed], ["rows.parquet", rows]]) {
      await give(page, "train-file", FILES.find(([given]) => given.name === name)[0]);
      await page.locator("#train-fault", { hasText: name }).waitFor();
      assert.match(await text(page, "train-fault"), said);
    }
  }
});

test("the studio has words for every kind of file that the program knows by a name", async () => {
  const known = [...readFileSync(path.join(root, "src/import/foreign.rs"), "utf8").matchAll(/(foreign|no_model)!\(\s*"(\w+)"/g)].map(([, , name]) => name);
  const { default: words } = await import("../../www/studio/words/en.mend.js");
  assert.ok(known.length > 15 && known.includes("layers"));
  assert.deepEqual([...new Set(["packed", ...known])].filter((name) => words[`reason.foreign_${name}`] === undefined), []);
});

test("a folder that is dropped is told to be one", async () => {
  const page = await studio();
  const session = await page.context().newCDPSession(page);
  const drop = async (target, place) => {
    await page.locator(target).scrollIntoViewIfNeeded();
    const { x, y, width, height } = await page.locator(target).boundingBox();
    const data = { items: [], files: [place], dragOperationsMask: 1 };
    for (const type of ["dragEnter", "dragOver", "drop"]) {
      await session.send("Input.dispatchDragEvent", { type, x: x + width / 2, y: y + height / 2, data });
    }
  };
  await drop("#drop-model", path.join(root, "models/petal"));
  await page.locator("#model-fault", { hasText: "petal: this is a folder. Drop one file of it." }).waitFor();
  await drop("#drop-model", DIABETES);
  await together(page);
  await drop("#drop-data h3", path.join(root, "models/petal"));
  await page.locator("#data-fault", { hasText: "petal: this is a folder. Drop one file of it." }).waitFor();
});

test("where categories came from is asked for if the file does not say, and products are those of --categories-from", async () => {
  const model = path.join(root, "tests/cases/categories-not-ascii/model.json");
  for (const [locale, said] of [["en-GB", /not ASCII in two ways.*Say below/], ["zh-CN", /两种方式.*请在下面说明/], ["es-ES", /dos maneras.*Indica abajo/]]) {
    const page = await studio({ locale });
    await give(page, "model-file", model);
    await page.locator("#model-fault").waitFor();
    assert.match(await text(page, "model-fault"), said);
    assert.doesNotMatch(await text(page, "model-fault"), /--categories-from/);
    const [none, pandas, arrow] = await page.locator("#categories-from option").allTextContents();
    assert.notEqual(none, "");
    assert.match(pandas, /^pandas: ".*…$/);
    assert.match(arrow, /^polars .* pyarrow: ".*…$/);
    assert.notEqual(pandas.split(": ")[1], arrow.split(": ")[1]);
  }
  const page = await studio();
  await give(page, "model-file", model);
  await page.locator("#categories-from").selectOption("pandas");
  await page.locator("#model-name", { hasText: "model.json" }).waitFor();
  await together(page);
  assert.equal(await page.locator("#model-fault").count(), 0);
  assert.match(await text(page, "snippet-command"), / --categories-from pandas /);
  assert.deepEqual(await differing(page, ["--categories-from", "pandas"]), []);
  // It is kept, and may be changed.
  await page.locator("#said-title").fill("Towns");
  await page.waitForTimeout(600);
  await page.reload();
  await page.locator("#categories-from").waitFor();
  await together(page);
  assert.equal(await page.locator("#categories-from").inputValue(), "pandas");
  await page.locator("#categories-from").selectOption("arrow");
  await page.locator("#snippet-command", { hasText: "--categories-from arrow" }).waitFor();
  assert.equal(await page.locator("#said-title").inputValue(), "Towns");
});

test("what bars and splits of the picture are is said, and that bars are splits where the file says no more", async () => {
  const page = await studio();
  await openModel(page, DIABETES);
  assert.match(await text(page, "picture-help"), /^Bar: how far an input moves the answer, .* Splits: how often they ask for it; one that is asked often may move it little\.$/);
  const trees = readFileSync(path.join(root, "models/petal/petal.lightgbm.txt"), "utf8").replaceAll(/^(leaf|internal)_(count|weight)=.*\n/gm, "");
  await give(page, "model-file", file("uncounted.txt", trees));
  await page.locator("#model-name", { hasText: "uncounted.txt" }).waitFor();
  await page.locator("#picture-help", { hasText: "Bar and splits: how often the trees ask for an input." }).waitFor();
});

test("the range that a warning tells never has the value in it", async () => {
  const page = await studio();
  await openModel(page, DIABETES);
  await page.locator("#feature-6 summary").click();
  await page.locator("#feature-6-low").fill("0.12349");
  await page.locator("#feature-6-high").fill("0.78361");
  await page.waitForTimeout(300);
  await together(page);
  const field = page.frameLocator("#preview").locator(".field input[type=text]").nth(6);
  const message = page.frameLocator("#preview").locator(".field .message").nth(6);
  for (const [value, said] of [["0.7839", "0.123 to 0.7836"], ["0.784", "0.123 to 0.7836"], ["0.1234", "0.1235 to 0.784"], ["0.123", "0.1235 to 0.784"], ["7", "0.123 to 0.784"]]) {
    await field.fill(value);
    await message.filter({ hasText: said }).waitFor();
  }
});

test("the single file of the page asks for no workbooks, and says what to do with one", async () => {
  for (const [place, asks] of [["page.html", false], ["index.html", true]]) {
    const page = await host.open({ at: place });
    await page.locator("#tab-rows").click();
    const accepted = await page.locator("#rows-file").getAttribute("accept");
    assert.equal(accepted.includes(".xlsx"), asks, place);
    assert.ok(accepted.includes(".csv"));
    const said = await page.locator(".rows .drop").textContent();
    assert.equal(/workbook \(\.xlsx/.test(said), asks, said);
    assert.equal(/of a workbook: a sheet saved as CSV UTF-8/.test(said), !asks, said);
    assert.doesNotMatch(said, /a sheet of a workbook/);
  }
});
