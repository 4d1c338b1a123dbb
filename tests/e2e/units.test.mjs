// Values in other units: wardian/units beside the page's form, the sources' table, and Rust's reader of files.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { toModel } from "../../www/person/entries.js";
import { PACKAGE, rust, script } from "./package.mjs";

const scratch = mkdtempSync(path.join(tmpdir(), "wardian-units-"));
after(() => rmSync(scratch, { recursive: true }));

let wardian;
let inUnit;
let inUnits;
before(async () => {
  wardian = await script("index.js");
  ({ inUnit, inUnits } = await script("units.js"));
});

test("glucose and insulin are converted as the page's form converts them", () => {
  const { model } = wardian;
  const said = JSON.parse(readFileSync(new URL("../../models/diabetes/case.json", import.meta.url), "utf8"));
  assert.equal(inUnit(model, "glucose", 5.9, "mmol/L"), 106);
  for (const [name, unit, step] of [["glucose", "mmol/L", 0.01], ["serum_insulin", "pmol/L", 0.5]]) {
    const own = model.features.find((each) => each.name === name);
    const feature = { ...own, units: said.features.find((each) => each.name === name).units };
    for (let count = 1; count <= 5000; count += 1) {
      const value = Number((count * step).toFixed(2));
      assert.equal(inUnit(model, name, value, unit), toModel(feature, unit, value), `${name} ${value}`);
    }
  }
});

test("the factors are those of the sources", () => {
  const columns = JSON.parse(readFileSync(new URL("../../models/diabetes/columns.json", import.meta.url), "utf8"));
  let count = 0;
  for (const [name, { units = {} }] of Object.entries(columns)) {
    for (const [unit, { minus = 0, times }] of Object.entries(units)) {
      const exact = { features: [{ ...wardian.model.features.find((each) => each.name === name), decimals: undefined }] };
      assert.equal(inUnit(exact, name, 7.25, unit), (7.25 - minus) * times, name);
      count += 1;
    }
  }
  assert.equal(count, 2);
});

test("a row's values may be in units of their own", () => {
  const { model, Model, predict } = wardian;
  const expected = predict({ glucose: 106, age: 22, blood_pressure: 70 });
  const row = { glucose: { value: 5.9, unit: "mmol/L" }, age: { value: 264, unit: "months" }, blood_pressure: 70 };
  assert.deepEqual(predict(inUnits(model, row)), expected);
  assert.deepEqual(predict(inUnits(new Model(), new Map(Object.entries(row)))), expected);
  for (const value of [null, undefined, NaN, 0]) {
    assert.deepEqual(predict(inUnits(model, { age: 22, glucose: { value, unit: "mmol/L" } })), predict({ age: 22 }));
  }
  // In its own unit a value stays as it is, however the unit is written.
  for (const [name, unit] of [["glucose", "MG/DL"], ["serum_insulin", "uU/mL"], ["serum_insulin", "\u03bcU/ml"], ["mass_index", "kg/m^2"], ["blood_pressure", "mmHg"]]) {
    assert.equal(inUnit(model, name, 100.123, unit), 100.123, unit);
  }
});

test("what cannot be converted is refused, with what can", () => {
  const { model, predict } = wardian;
  const refuses = (action, code, field, message) => assert.throws(action, { name: "WardianError", code, field, message: `${field}: ${message}` });
  refuses(() => inUnit(model, "glucose", 5.9, "mol"), "invalid_option", "glucose", '"mol" is no unit of it that is known; known are mg/dL, mmol/L');
  refuses(() => inUnit(model, "blood_pressure", 9, "mmol/L"), "invalid_option", "blood_pressure", '"mmol/L" is no unit of it that is known; known are mm Hg, kpa, pa');
  refuses(() => inUnit(model, "diabetes_pedigree", 9, "kg"), "invalid_option", "diabetes_pedigree", '"kg" is no unit of it that is known; the model does not say its unit: give the number alone');
  refuses(() => inUnit(model, "glucose", "5.9", "mmol/L"), "wrong_type", "glucose", "a number and the text of its unit are due");
  refuses(() => inUnit(model, "glucose", 5.9), "wrong_type", "glucose", "a number and the text of its unit are due");
  assert.throws(() => inUnit(model, "sugar", 5.9, "mmol/L"), { code: "unknown_field", field: "sugar" });
  refuses(() => predict({ glucose: { value: 5.9, unit: "mol" } }), "invalid_option", "glucose", '"mol" is no unit of it that is known; known are mg/dL, mmol/L');
  refuses(() => predict({ glucose: { vaule: 5.9, unit: "mmol/L" } }), "wrong_type", "glucose", '{ value, unit } is due, without "vaule"');
  refuses(() => predict({ glucose: { unit: "mmol/L" } }), "wrong_type", "glucose", "{ value, unit } is due");
  refuses(() => predict({ glucose: { value: 5.9, unit: 7 } }), "wrong_type", "glucose", "a number and the text of its unit are due");
  refuses(() => predict({ glucose: { value: 5.9 } }), "wrong_type", "glucose", "a number, null or undefined is due, not a value of type object");
});

test("where wardian/units is imported, every form of a row may have them", () => {
  const { predict, predictMany, explain, Model } = wardian;
  const row = { glucose: { value: 5.9, unit: "mmol/L" }, age: { value: 264, unit: "months" }, blood_pressure: 70 };
  const plain = { glucose: 106, age: 22, blood_pressure: 70 };
  const expected = predict(plain);
  assert.deepEqual(predict(row), expected);
  assert.deepEqual(predict(new Map(Object.entries(row))), expected);
  assert.deepEqual(predict([null, row.glucose, 70, null, null, null, null, row.age]), expected);
  assert.deepEqual(new Model().predict(row), expected);
  assert.deepEqual(explain(row), explain(plain));
  const columns = { glucose: [106, row.glucose], age: [row.age, 22], blood_pressure: [70, 70] };
  assert.deepEqual([...predictMany([row, plain])], [expected.prediction, expected.prediction]);
  assert.deepEqual([...predictMany(columns)], [expected.prediction, expected.prediction]);
});

test("where it is not, they are refused; and each kind of module is taught", () => {
  const ask = 'try { console.log(predict({ glucose: { value: 5.9, unit: "mmol/L" } }).prediction) } catch (error) { console.log(error.message) }';
  const says = (type, code) => execFileSync(process.execPath, [`--input-type=${type}`, "-e", code], { cwd: PACKAGE, encoding: "utf8" }).trim();
  const due = String(wardian.predict({ glucose: 106 }).prediction);
  const refused = 'glucose: import "wardian/units" first';
  assert.equal(says("module", `import { predict } from "./index.js"; ${ask}`), refused);
  assert.equal(says("module", `import { predict } from "./index.js"; import "./units.js"; ${ask}`), due);
  assert.equal(says("commonjs", `const { predict } = require("./index.cjs"); ${ask}`), refused);
  assert.equal(says("commonjs", `const { predict } = require("./index.cjs"); require("./units.cjs"); ${ask}`), due);
});

test("Rust's reader of files converts them to the same numbers", async () => {
  const { model, predictMany } = wardian;
  const columns = { glucose: ["mmol/L", 0.05], blood_pressure: ["kPa", 0.05], skin_fold_thick: ["in", 0.01], serum_insulin: ["pmol/L", 3], age: ["months", 3] };
  const rows = Array.from({ length: 300 }, (_, row) => Object.fromEntries(Object.entries(columns).map(([name, [unit, step]]) => [name, { value: Number(((row + 1) * step).toFixed(2)), unit }])));
  const header = Object.entries(columns).map(([name, [unit]]) => `${name} (${unit})`);
  const file = path.join(scratch, "rows.csv");
  writeFileSync(file, [header, ...rows.map((row) => Object.values(row).map(({ value }) => value))].map((cells) => cells.join(",")).join("\n"));
  const { status, stdout, stderr } = await rust("predict", "--csv", file, "--absent");
  assert.equal(status, 0, stderr);
  const theirs = stdout.trim().split("\n").map((line) => Math.fround(Number(line.split(",").at(-1).replace(/[^-0-9.e]/g, ""))));
  assert.deepEqual(theirs.filter((each) => !Number.isNaN(each)).slice(-300), [...predictMany(rows.map((row) => inUnits(model, row)))]);
});
