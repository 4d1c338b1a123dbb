// `wardian/measure`: figures and curves in JavaScript are what the command line says, bit for bit.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { rust, script } from "./package.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const { curve, figures, judge } = await script("measure.js");
const { Model } = await script("index.js");
const { convert } = await script("converter.js");
const { intervalOf } = await script("certainty.js");
const folder = mkdtempSync(path.join(tmpdir(), "wardian-measure-"));
after(() => rmSync(folder, { recursive: true }));

const read = (name) => readFileSync(path.join(root, name), "utf8").trim().split("\n").map((line) => line.split(","));
const opened = async (name) => new Model(await convert(readFileSync(path.join(root, name)), { onNote: () => {} }));

/** Models, the rows that they are asked, and what was seen. */
const CASES = {
  risk: async () => {
    const [names, ...rows] = read("models/diabetes/pima-indians-diabetes.csv");
    const model = new Model(readFileSync(path.join(root, "target/package/diabetes.wardian")));
    const columns = model.description.features.map(({ name }) => names.indexOf(name));
    return { file: "target/package/diabetes.wardian", model, rows: rows.map((row) => columns.map((column) => row[column]).join()), labels: rows.map((row) => Number(row[names.indexOf("diabetes")])) };
  },
  number: async () => {
    const [names, ...rows] = read("models/petal/golden.csv");
    const width = names.indexOf("prediction");
    const labels = rows.map((row, index) => Number(row[width]) + Math.sin(index * 7));
    return { file: "models/petal/petal.lightgbm.txt", model: await opened("models/petal/petal.lightgbm.txt"), rows: rows.map((row) => row.slice(0, width).join()), labels };
  },
  classes: async () => {
    const [names, ...rows] = read("models/wine/golden.csv");
    const model = await opened("models/wine/wine.sklearn.pkl");
    const width = model.description.features.length;
    const labels = rows.map((row, index) => model.description.classes[(index % 5 === 0 ? index : Number(row[width]) > 0.5 ? 0 : Number(row[width + 1]) > 0.5 ? 1 : 2) % 3]);
    return { file: "models/wine/wine.sklearn.pkl", model, rows: rows.map((row) => row.slice(0, width).join()), labels };
  },
};

const bits = (number) => (Number.isFinite(number) ? [...new Uint8Array(Float64Array.of(number).buffer)].join() : String(number));

for (const [kind, made] of Object.entries(CASES)) {
  const ready = made();

  test(`${kind}: figures and certainty are those of wardian figures`, async () => {
    const { file, model, rows, labels } = await ready;
    const groups = labels.map((_, index) => ["north", "south", ""][index % 3]);
    const data = path.join(folder, `${kind}.csv`);
    const names = model.description.features.map(({ name }) => name);
    writeFileSync(data, [[...names, "seen", "where"].join(), ...rows.map((row, index) => `${row},${labels[index]},${groups[index]}`)].join("\n"));
    const { stdout, stderr, status } = await rust("figures", path.join(root, file), "--data", data, "--label", "seen", "--group", "where", "--threshold", "0.4", "--json");
    assert.equal(status, 0, stderr);
    const said = JSON.parse(stdout);
    const told = await judge(model, rows, labels, { groups, group: "where", threshold: 0.4 });
    assert.deepEqual(told.figures, said.figures);
    assert.deepEqual(told.certainty, said.certainty);
    assert.deepEqual([told.notes, told.notKnown], [said.notes, undefined]);
    assert.equal(told.figures.groups.length, 3);
    // Without groups, and of typed arrays and texts.
    const alone = await figures(model, rows, labels);
    assert.equal(alone.groups, undefined);
    assert.deepEqual(await figures(model, rows, labels.map(String)), alone);
    assert.ok(intervalOf(told.certainty, model.predict(rows[0])) !== undefined);
  });

  test(`${kind}: curves are those of wardian explain`, async () => {
    const { file, model, rows } = await ready;
    const { features, predictions } = model.description;
    for (const [index, { name, categories }] of features.entries()) {
      const row = rows[(index * 31) % rows.length];
      const { stdout, stderr, status } = await rust("explain", row, "--model", path.join(root, file), "--curve", name, "--points", "1000");
      assert.equal(status, 0, stderr);
      const lines = stdout.trim().split("\n").slice(1).map((line) => line.split(","));
      const { steps, missing } = await curve(model, row, name);
      assert.equal(steps.length, lines.length - 1);
      const written = (number) => (model.description.bits === 64 ? number : Math.fround(number));
      const all = (prediction) => [prediction].flat().map(bits);
      assert.deepEqual(all(missing), lines.at(-1).slice(3).map((text) => bits(written(Number(text)))));
      steps.forEach(({ from, to, value, prediction }, step) => {
        const line = lines[step];
        assert.deepEqual(all(prediction), line.slice(3).map((text) => bits(written(Number(text)))), `${name} ${step}`);
        // Ends are shown as the 32-bit floats that they are, where they are such.
        const end = (number, text, open) => assert.ok(text === "" ? number === open : [Number(text), Math.fround(Number(text))].includes(number), `${name} ${step}: ${number} ${text}`);
        end(from, line[0], -Infinity);
        end(to, line[1], Infinity);
        end(value, line[2]);
        // And what the model itself answers there.
        const cells = row.split(",");
        cells[index] = categories.length > 0 ? categories[value] : String(value);
        assert.deepEqual(all(model.predict(cells.join()).prediction), all(prediction));
      });
      assert.equal([missing].flat().length, predictions);
    }
  });
}

test("so many points are chosen evenly, and a base margin is where sums begin", async () => {
  const { model, rows } = await CASES.risk();
  const all = await curve(model, rows[0], "glucose");
  const few = await curve(model, rows[0], "glucose", { points: 5 });
  assert.equal(few.steps.length, 5);
  assert.deepEqual([few.steps[0], few.steps.at(-1), few.missing], [all.steps[0], all.steps.at(-1), all.missing]);
  const moved = await curve(model, rows[0], "glucose", { points: 5, baseMargin: 2 });
  const { prediction } = model.predict(rows[0].split(",").with(1, String(moved.steps[2].value)).join(), { baseMargin: 2 });
  assert.equal(moved.steps[2].prediction, prediction);
});

test("the package's own model is measured as well, and a bundle for require measures the same", async () => {
  const { model, rows, labels } = await CASES.risk();
  const own = new Model();
  const expected = await figures(model, rows, labels);
  assert.deepEqual(await figures(own, rows, labels), expected);
  assert.deepEqual(await curve(own, rows[0], "age"), await curve(model, rows[0], "age"));
  const required = createRequire(import.meta.url)("../../target/package/measure.cjs");
  assert.deepEqual(await required.figures(own, rows, labels), expected);
});

test("what is given wrongly is named", async () => {
  const { model, rows, labels } = await CASES.risk();
  const rejected = async (promise) => {
    const { code, message } = await promise.then(() => ({}), (error) => error);
    return [code, message];
  };
  assert.deepEqual(await rejected(figures(model, rows, labels.slice(1))), ["wrong_type", `labels: an array of one for each of the ${rows.length} rows is due`]);
  assert.deepEqual(await rejected(figures(model, rows, labels.with(6, null))), ["invalid_data", "row 7: it has no label: only rows with one tell anything"]);
  assert.match((await rejected(figures(model, rows, labels.with(6, 0.25))))[1], /^row 7: the label "0.25" is neither 0 nor 1: are these the model's answers\?/);
  assert.deepEqual((await rejected(figures(model, [], [])))[0], "empty_input");
  assert.deepEqual((await rejected(figures(model, rows, labels, { threshold: 2 })))[0], "invalid_option");
  assert.deepEqual((await rejected(figures(model, rows, labels, { kind: "cat" })))[0], "wrong_type");
  assert.deepEqual((await rejected(figures(model, rows, labels, { thresholt: 0.4 })))[0], "invalid_option");
  assert.deepEqual((await rejected(figures({}, rows, labels)))[0], "wrong_type");
  assert.deepEqual((await rejected(figures(model, ["1,2"], [1])))[0], "wrong_field_count");
  assert.deepEqual((await rejected(curve(model, rows[0], "weight")))[0], "unknown_field");
  assert.deepEqual((await rejected(curve(model, "1,2", "glucose")))[0], "wrong_field_count");
  // Few rows tell figures, and not how sure.
  const few = await judge(model, rows.slice(0, 10), labels.slice(0, 10));
  assert.deepEqual([few.certainty, few.figures.rows], [undefined, 10]);
  assert.match(few.notKnown, /^10 rows are too few/);
});
