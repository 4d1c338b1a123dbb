// What `npx wardian` says beside what the Rust program says: the same bytes. And what is wrong is said in one line.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { EXAMPLE, golden } from "./golden.mjs";
import { rust, wardian } from "./package.mjs";

const GOLDEN = fileURLToPath(new URL("../golden/", import.meta.url));
const inCases = (name) => fileURLToPath(new URL(`../cases/${name}`, import.meta.url));
const SCHEMA = fileURLToPath(new URL("../../models/diabetes/schema.json", import.meta.url));
const DIABETES = fileURLToPath(new URL("../../models/diabetes/diabetes.ubj", import.meta.url));
/** Models of one output and of several, of numbers and of categories, whole and stopped early. */
const MODELS = readdirSync(GOLDEN).filter((name) => /\.(ubj|json)$/.test(name) && name !== "decimals.json");

const folder = mkdtempSync(path.join(tmpdir(), "wardian-"));
after(() => rmSync(folder, { recursive: true }));
const file = (name) => path.join(folder, name);

/** Both programs' answer to the same words, which must be the same. */
async function both(...words) {
  const [ours, theirs] = await Promise.all([wardian(...words), rust(...words)]);
  assert.deepEqual(ours, theirs, words.join(" "));
  return ours;
}

test("rows of the shipped model are predicted and explained with Rust's bytes", async () => {
  for (const row of [EXAMPLE, ...golden.slice(0, 767).filter((_, index) => index % 96 === 0).map(({ data }) => data), "-1,300,70,28,135,34.2,0.142,22", ",,,,,,,"]) {
    await both("predict", row);
    await both("predict", "--margin", row);
    await both("explain", row);
  }
});

test(`${MODELS.length} trainers' files are converted to Rust's bytes`, async () => {
  assert.ok(MODELS.length >= 20);
  for (const name of MODELS) {
    const from = path.join(GOLDEN, name);
    const ours = await wardian("convert", from, file("ours.wardian"));
    const theirs = await rust("convert", from, "-o", file("theirs.wardian"));
    assert.deepEqual([ours.status, theirs.status], [0, 0], `${name}: ${ours.stderr}`);
    assert.ok(readFileSync(file("ours.wardian")).equals(readFileSync(file("theirs.wardian"))), name);
  }
  const options = ["--schema", SCHEMA, "--no-covers", "-o", file("options.wardian")];
  await both("convert", DIABETES, ...options);
  assert.ok(readFileSync(file("options.wardian")).equals(readFileSync(new URL("../../models/diabetes/diabetes.wardian", import.meta.url))));
});

test("other models are asked by their files", async () => {
  for (const name of ["classes.ubj", "classes.wardian", "largest_class.json", "categories.ubj", "counts.ubj"]) {
    const row = readFileSync(path.join(GOLDEN, `${name.split(".")[0]}.rows.csv`), "utf8").split("\n")[1];
    await both("predict", "--model", path.join(GOLDEN, name), row);
    await both("predict", "--model", path.join(GOLDEN, name), "--margin", row);
    await both("explain", "--model", path.join(GOLDEN, name), row);
  }
  assert.deepEqual(await wardian("predict", EXAMPLE, "-o", file("answer.json")), { status: 0, stdout: "", stderr: "" });
  assert.equal(readFileSync(file("answer.json"), "utf8"), (await wardian("predict", EXAMPLE)).stdout);
});

test("other trainers' models are asked by their files, converted and explained with Rust's bytes", async () => {
  const names = readdirSync(path.join(GOLDEN, "trainers")).filter((name) => name.endsWith(".json"));
  assert.ok(names.length >= 4);
  for (const name of names) {
    const { model, rows, labels } = JSON.parse(readFileSync(path.join(GOLDEN, "trainers", name), "utf8"));
    const from = path.join(GOLDEN, "trainers", model);
    const texts = rows.map((row) => row.map((value) => value ?? "").join(","));
    writeFileSync(file("rows.csv"), `${texts.join("\n")}\n`);
    for (const row of texts.slice(0, 2)) {
      const { stdout } = await both("predict", "--model", from, row);
      assert.equal(JSON.parse(stdout).label, labels?.[texts.indexOf(row)]);
      await both("predict", "--model", from, "--margin", row);
      await both("explain", "--model", from, row);
    }
    await both("predict", "--model", from, "--csv", file("rows.csv"), "--header", "no");
    await both("predict", "--model", from, "--csv", file("rows.csv"), "--header", "no", "--with-rows");
    await wardian("convert", from, file("ours.wardian"));
    await rust("convert", from, "-o", file("theirs.wardian"));
    assert.ok(readFileSync(file("ours.wardian")).equals(readFileSync(file("theirs.wardian"))), name);
  }
});

test("what a file does not say of missing values and categories can be said", async () => {
  const model = inCases("missing-unsayable/model.json");
  const rows = readFileSync(inCases("missing-unsayable/rows.csv"), "utf8").trim().split("\n").filter((line) => /^[-\d,]/.test(line));
  const expected = readFileSync(inCases("missing-unsayable/expected.txt"), "utf8").trim().split("\n").map(Number);
  assert.equal(rows.length, expected.length);
  for (const [index, row] of rows.entries()) {
    for (const said of [["--missing", "0"], ["--missing=-0e0"]]) {
      const { stdout } = await both("predict", "--margin", ...said, "--model", model, row);
      assert.equal(Math.fround(JSON.parse(stdout).margin), Math.fround(expected[index]), row);
    }
    await both("explain", "--model", model, row, "--missing", "-999");
  }
  for (const number of ["0", "-999", "+1.5e3", ".5", "nan"]) {
    const ours = await wardian("convert", model, file("ours.wardian"), "--missing", number);
    const theirs = await rust("convert", model, "-o", file("theirs.wardian"), "--missing", number);
    assert.deepEqual([ours.status, theirs.status], [0, 0], `${number}: ${ours.stderr}${theirs.stderr}`);
    assert.ok(readFileSync(file("ours.wardian")).equals(readFileSync(file("theirs.wardian"))), number);
  }
  const categories = inCases("categories-not-ascii/model.json");
  const [row] = readFileSync(inCases("categories-not-ascii/rows.csv"), "utf8").split("\n").slice(1);
  const { status, stderr } = await both("predict", "--model", categories, row);
  assert.equal(status, 1);
  assert.match(stderr, /--categories-from pandas or arrow/);
  assert.equal((await both("predict", "--model", categories, "--categories-from", "pandas", row)).status, 0);
});

test("what is wrong is said in one line that names it, and no file is left", async () => {
  writeFileSync(file("cut.ubj"), readFileSync(DIABETES).subarray(0, 5000));
  writeFileSync(file("schema.json"), "{}");
  writeFileSync(file("empty"), "");
  await wardian("convert", "--no-covers", path.join(GOLDEN, "counts.ubj"), file("no-covers.wardian"));
  const row = readFileSync(path.join(GOLDEN, "counts.rows.csv"), "utf8").split("\n")[1];
  const before = readdirSync(folder).sort();
  for (const [status, said, ...words] of [
    [1, /^wardian: blood_pressure: 8 values are needed, 2 given/, "predict", "1,2"],
    [1, /^wardian: glucose: "x" is not a number/, "predict", "1,x,70,28,135,34.2,0.142,22"],
    [1, /^wardian: \/none: there is no such file/, "convert", "/none", file("out")],
    [1, /cut\.ubj: /, "convert", file("cut.ubj"), file("out")],
    [1, /empty: /, "convert", file("empty"), file("out")],
    [1, /schema\.json: /, "convert", DIABETES, file("out"), "--schema", file("schema.json")],
    [1, /^wardian: \/none\/out: /, "convert", DIABETES, "/none/out"],
    [1, /no-covers\.wardian: the model cannot be explained/, "explain", "--model", file("no-covers.wardian"), row],
    [2, /ROW is missing/, "predict"],
    [2, /one ROW is due, 8 are given/, "predict", "1", "2", "3", "4", "5", "6", "7", "8"],
    [2, /Unknown option '--modle'/, "predict", "--modle", "x", EXAMPLE],
    [2, /an OUTPUT to write are due/, "convert", DIABETES],
    [2, /--missing is a number, not "none"/, "predict", "--model", DIABETES, "--missing", "none", EXAMPLE],
    [2, /'--missing <value>' argument missing/, "convert", DIABETES, file("out"), "--missing"],
    [2, /--missing and --categories-from are of a file: --model is due/, "predict", "--missing", "0", EXAMPLE],
    [2, /--categories-from is pandas or arrow, not "r"/, "convert", DIABETES, file("out"), "--categories-from", "r"],
    [2, /a command is due/],
    [2, /there is no command "toString"/, "toString"],
    [2, /--port is a number up to 65535, not "http"/, "serve", "--port", "http"],
    [2, /--port is a number up to 65535, not "65536"/, "serve", "--port", "65536"],
    [1, /EADDRNOTAVAIL|ENOTFOUND|EAI_AGAIN/, "serve", "--port", "0", "--host", "192.0.2.1"],
  ]) {
    const answer = await wardian(...words);
    assert.deepEqual([answer.status, answer.stdout], [status, ""], `${words.join(" ")}: ${answer.stderr}`);
    assert.match(answer.stderr, said);
    assert.equal(answer.stderr.trimEnd().split("\n").length, 1, answer.stderr);
  }
  assert.deepEqual(readdirSync(folder).sort(), before);
});

test("help and version", async () => {
  for (const words of [["--help"], ["-h"], ["predict", "--help"], ["explain", "-h"], ["convert", "--help"], ["serve", "--help"]]) {
    const { status, stdout, stderr } = await wardian(...words);
    assert.deepEqual([status, stderr], [0, ""]);
    assert.match(stdout, /Usage: wardian/);
  }
  assert.deepEqual(await both("--version"), { status: 0, stdout: `wardian ${JSON.parse(readFileSync(new URL("../../target/package/package.json", import.meta.url))).version}\n`, stderr: "" });
});

test("what a file of rows is refused or warned of, both say alike", async () => {
  const inWorkbooks = (name) => inCases(`workbooks/${name}`);
  // The numbers of these files are no text: 0.142 would be 142.
  for (const [name, ...signs] of [["one.xlsx", "--decimal", ","], ["one.ods", "--thousands", "."], ["rows.jsonl", "--decimal", ",", "--thousands", "."]]) {
    const { status, stderr } = await both("predict", "--csv", inWorkbooks(name), ...signs);
    assert.deepEqual([status, /numbers are numbers in this kind of file/.test(stderr)], [1, true], stderr);
  }
  await both("predict", "--csv", inWorkbooks("one.xlsx"), "--decimal", ".");
  const { stdout: plan } = await both("predict", "--csv", inWorkbooks("one.xlsx"), "--show-plan");
  writeFileSync(file("plan.json"), plan.replace('"decimal": "."', '"decimal": ","'));
  const kept = await both("predict", "--csv", inWorkbooks("one.xlsx"), "--plan", file("plan.json"));
  assert.deepEqual([kept.status, /numbers are numbers in this kind of file/.test(kept.stderr)], [1, true], kept.stderr);
  // What lines leave out is not measured, and what training never saw is counted.
  writeFileSync(file("rows.jsonl"), '\ufeff{"glucose":106,"age":22}\n{"age":300,"glucose":null,"mass_index":34.2}\n{"glucose":-5}\n');
  const { status, stdout, stderr } = await both("predict", "--csv", file("rows.jsonl"), "--absent");
  assert.deepEqual([status, stdout.trim().split("\n").length], [0, 3]);
  assert.match(stderr, /warning: .*rows\.jsonl: glucose: 1 of 3 rows are outside the range seen in training, 44 to 199\n/);
  assert.match(stderr, /warning: .*rows\.jsonl: age: 1 of 3 rows are outside the range seen in training, 21 to 81\n.*age: 1 of 3 rows lack it, but every training row had it\n/);
  await both("predict", "--csv", file("rows.jsonl"), "--absent", "--with-rows");
  // So are categories that training never saw, where they have an answer.
  writeFileSync(file("colours.csv"), 'amount,colour\n1,new\n2,red\n3,"a, b"\n');
  const colours = await both("predict", "--model", `${GOLDEN}others/colours.catboost.json`, "--csv", file("colours.csv"));
  assert.deepEqual([colours.status, colours.stdout.trim().split("\n").length], [0, 3], colours.stderr);
  assert.match(colours.stderr, /colours\.csv: colour: 2 of 3 rows have a category that training did not see\n/);
  writeFileSync(file("late.jsonl"), '{"glucose":NaN}\n');
  assert.match((await both("predict", "--csv", file("late.jsonl"), "--absent")).stderr, /JSON has no NaN/);
  // A word that means missing may begin with a sign; a number of thousands does not begin with 0.
  writeFileSync(file("rows.csv"), "1,106,-999,28,135,34.2,0.142,22\n");
  const expected = (await both("predict", "--csv", file("rows.csv"), "--missing-text", "-999")).stdout;
  assert.equal(expected, (await both("predict", "--csv", file("rows.csv"), "--missing-text=-999")).stdout);
  writeFileSync(file("rows.csv"), "1;106;70;28;135;34;0.142;22\n");
  assert.equal((await both("predict", "--csv", file("rows.csv"), "--thousands", ".")).status, 1);
  // npx writes CSV alone, and no file of another name.
  const other = await wardian("predict", "--csv", inWorkbooks("one.xlsx"), "-o", file("out.parquet"));
  assert.deepEqual([other.status, readdirSync(folder).includes("out.parquet")], [2, false]);
  assert.match(other.stderr, /promises another kind of file/);
});
