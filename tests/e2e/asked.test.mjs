// What is asked of a model in JavaScript and what it says: the corners that a mutation run found unasked. The common cases,
// which run in browsers too, are in module-cases.mjs.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { before, test } from "node:test";
import { crc32 } from "node:zlib";
import { EXAMPLE, example } from "./golden.mjs";
import { script } from "./package.mjs";

const GOLDEN = new URL("../golden/", import.meta.url);
const inGolden = (name) => readFileSync(new URL(name, GOLDEN));
const rowsOf = (name) => inGolden(`${name}.rows.csv`).toString().trimEnd().split("\n");
const MODULE = readFileSync(new URL("../../target/package/wardian.wasm", import.meta.url));
/** Another person than the example: a row that is not read leaves the one before. */
const OTHER = "6,148,72,35,0,33.6,0.627,50";

let Model;
let predict;
let predictMany;
let other;
let convert;
let inspect;
before(async () => {
  ({ Model, predict, predictMany } = await script("index.js"));
  ({ convert, inspect } = await script("converter.js"));
  other = predict(OTHER).prediction;
});

/** The error that `action` throws, with code, message, and whether there is a field. */
function thrown(action) {
  try {
    action();
  } catch (error) {
    assert.equal(error.name, "WardianError", error.stack);
    return { code: error.code, message: error.message, ...("field" in error ? { field: error.field } : {}) };
  }
  return assert.fail("nothing is thrown");
}

const refuses = (action, code, field, message) => assert.deepEqual(thrown(action), { code, message, ...(field === undefined ? {} : { field }) });
/** The example with another text for the blood pressure. */
const withText = (text) => EXAMPLE.replace("70", text);

test("every form of a row is read, whatever was asked before", () => {
  const values = OTHER.split(",").map(Number);
  for (const form of [OTHER, { data: OTHER }, values, Float64Array.from(values), Float32Array.from(values)]) {
    assert.equal(predict(EXAMPLE).prediction, example.probability);
    assert.equal(predict(form).prediction, other, JSON.stringify(form));
  }
});

test("numbers are read as Python reads them, with white space of any length around them", () => {
  for (const [text, same] of [[".25", "0.25"], [".5e2", "50"], ["  70  ", "70"], ["\t\t70\n\n", "70"], ["7.e1", "70"], ["1.25", "1.25"]]) {
    assert.equal(predict(withText(text)).prediction, predict(withText(same)).prediction, JSON.stringify(text));
  }
  const nothing = predict(withText("")).prediction;
  for (const text of ["na", "NA", " Na ", "nan", "NaN", "+nan", "-NAN"]) {
    assert.equal(predict(withText(text)).prediction, nothing, text);
  }
  for (const text of ["xnan", "nanx", "n/a", "nana", "xinf", "infx", "infinit", ".", "e5", ".e5", "5.5.5", "+-nan"]) {
    refuses(() => predict(withText(text)), "not_a_number", "blood_pressure", `blood_pressure: "${text}" is not a number`);
  }
  for (const text of ["+inf", "-Infinity"]) {
    refuses(() => predict(withText(text)), "not_finite", "blood_pressure", `blood_pressure: "${text}" is not a finite number`);
  }
});

test("a text of one field is a row of one value, an empty one is none", () => {
  for (const text of ["", " ", "\t\n"]) {
    refuses(() => predict(text), "empty_input", undefined, "no values given; 8 are needed");
  }
  refuses(() => predict("7"), "wrong_field_count", "glucose", "glucose: 8 values are needed, 1 given; this is the first that is absent");
  refuses(() => predict({}), "empty_input", undefined, "no values given; 8 are needed");
});

test("foreign texts are made safe to print", () => {
  for (const [text, shown] of [
    ["a\\b", '"a\\\\b"'],
    ["a\u0001b", '"a\\u{1}b"'],
    ["a\u202eb", '"a\\u{202e}b"'],
    ["x".repeat(40), `"${"x".repeat(40)}"`],
    ["x".repeat(41), `"${"x".repeat(40)}"…`],
    ["😀é", '"😀é"'],
  ]) {
    refuses(() => predict(withText(text)), "not_a_number", "blood_pressure", `blood_pressure: ${shown} is not a number`);
  }
});

test("warnings are of what is outside of training, and of nothing else", () => {
  const { features } = new Model().description;
  const values = EXAMPLE.split(",").map(Number);
  features.forEach(({ name, minimum, maximum, missingCodes, mayBeMissing }, index) => {
    const said = (value) => predict(values.with?.(index, value) ?? values.map((each, place) => (place === index ? value : each))).warnings;
    for (const inside of [minimum, maximum]) {
      assert.deepEqual(said(inside), [], name);
    }
    const range = `${minimum} to ${maximum}`;
    for (const outside of [minimum - 0.5, maximum + 0.5].filter((value) => !missingCodes.includes(value))) {
      const message = `${outside} is outside the range seen in training, ${range}`;
      assert.deepEqual(said(outside), [{ code: "outside_training_range", field: name, message }]);
    }
    const absent = mayBeMissing ? [] : [{ code: "never_missing_in_training", field: name, message: "not measured, but every training row had it" }];
    for (const nothing of [null, ...missingCodes]) {
      assert.deepEqual(said(nothing), absent, name);
    }
  });
});

test("many rows are read one by one, and none is left from the one before", () => {
  const rows = [{ glucose: 106, age: 22, mass_index: 34 }, { age: 50 }, { glucose: 180 }];
  assert.deepEqual([...predictMany(rows)], rows.map((row) => predict(row).prediction));
  assert.notEqual(predict(rows[1]).prediction, predict(rows[2]).prediction);
  refuses(() => predictMany(null), "wrong_type", undefined, "rows (an array, or columns) are due, not a value of type Null");
  for (const column of ["106", { 0: 106 }, new DataView(new ArrayBuffer(8)), new BigInt64Array(2)]) {
    refuses(() => predictMany({ glucose: column }), "wrong_type", "glucose", "glucose: a column is an array of values");
  }
  refuses(() => predictMany({ glucose: [1, "2"] }), "wrong_type", "glucose", "row 2, glucose: a number, null or undefined is due, not a value of type string");
});

test("more rows than pass through the module at once, of several outputs, in every form", () => {
  const model = new Model(inGolden("classes.wardian"));
  const texts = rowsOf("classes");
  const names = model.description.features.map(({ name }) => name);
  const numbers = Array.from({ length: 2500 }, (_, index) => texts[(index * 31) % texts.length].split(",").map((field) => (field === "" ? NaN : Number(field))));
  const expected = { marginsMany: numbers.flatMap((row) => [...model.marginsMany([row])]), predictMany: numbers.flatMap((row) => model.predictValue(row)) };
  const flat = numbers.flat();
  const columns = Object.fromEntries(names.map((name, index) => [name, numbers.map((row) => row[index])]));
  for (const way of ["marginsMany", "predictMany"]) {
    for (const form of [numbers, numbers.map((row) => row.join(",")), Float64Array.from(flat), Float32Array.from(flat), columns]) {
      assert.deepEqual([...model[way](form)], expected[way]);
    }
  }
});

test("the value at fault is the one that is named", async () => {
  // A code that is infinite in 32 bits is missing, and no fault.
  const model = new Model(await convert(inGolden("depth6_missing.ubj"), { missing: 1e39 }));
  const { features } = model.description;
  const row = features.map(() => 1);
  row[0] = 1e39;
  assert.equal(typeof model.predictValue(row), "number");
  row[2] = -1e39;
  const name = features[2].name;
  refuses(() => model.predictValue(row), "not_finite", name, `${name}: the value is beyond the range of a 32-bit float`);
  row[2] = -Infinity;
  refuses(() => model.marginsMany([features.map(() => 1), row]), "not_finite", name, `row 2, ${name}: the value is infinite`);
});

test("a category that the feature has not is named, and one that it has is its code", () => {
  const model = new Model(inGolden("categories.wardian"));
  const [{ name, categories }] = model.description.features;
  const rest = rowsOf("categories")[1].split(",").slice(1).join(",");
  categories.forEach((category, code) => {
    assert.equal(model.predictValue(`${category},${rest}`), model.predictValue(rowOfNumbers(model, `${category},${rest}`, code)), category);
  });
  refuses(() => model.predictValue(`purple,${rest}`), "unknown_category", name, `${name}: "purple" is none of the feature's categories`);
  refuses(() => model.predictValue(`1,${rest}`), "unknown_category", name, `${name}: "1" is none of the feature's categories`);
});

/** A row of texts as numbers, the first of this code. */
function rowOfNumbers(model, text, code) {
  const { features } = model.description;
  const values = text.split(",").map((field, index) => {
    const place = features[index].categories.indexOf(field);
    return place >= 0 ? { code: place } : field === "" ? null : Number(field);
  });
  values[0] = { code };
  return values;
}

test("of many features the first twenty are named", async () => {
  const model = new Model(await convert(inGolden("many_features.ubj")));
  const names = model.description.features.map(({ name }) => name);
  assert.ok(names.length > 20);
  refuses(() => model.predict({ none: 1 }), "unknown_field", "none", `none: no such feature; the model has ${names.slice(0, 20).join(", ")}, …`);
});

test("every golden model's link and shape are what the importer says of its file", async () => {
  const files = readdirSync(GOLDEN).filter((name) => name.endsWith(".ubj"));
  const links = new Set();
  for (const file of files) {
    const said = await inspect(inGolden(file));
    const { link, outputs, treeCount, splitCount, features } = new Model(await convert(inGolden(file), { onNote: () => {} })).description;
    assert.deepEqual([link, outputs, treeCount, splitCount, features.map(({ name }) => name)], [said.link, said.outputs, said.trees, said.splits, said.features], file);
    links.add(link);
  }
  for (const link of ["logistic", "exponential", "softmax", "class (largest margin)"]) {
    assert.ok(links.has(link), `${link} is among ${[...links]}`);
  }
});

/** The golden model's bytes with others in place of some, and the checksum that fits. */
function altered(from, to) {
  const bytes = Buffer.from(inGolden("classes.wardian"));
  const place = bytes.indexOf(from);
  assert.ok(place > 0 && from.length === to.length, JSON.stringify(from));
  Buffer.from(to, "latin1").copy(bytes, place);
  bytes.writeUInt32LE(crc32(bytes.subarray(16)), 12);
  return bytes;
}

test("bytes that are no model, or whose texts are none, say so", () => {
  refuses(() => new Model(new Uint8Array(0)), "invalid_model", undefined, "these are no bytes");
  refuses(() => new Model(altered("\0f1\0", "\0\xff1\0")), "invalid_model", undefined, "a text is not UTF-8");
  refuses(() => new Model(altered("\0\0\0f1\0f1\0", "xxxf1xf1\0")), "invalid_model", undefined, "a feature has no name of its own, or texts are absent or too many");
});

test("what is known of a model stays when the module's memory grows", async () => {
  const module = await script("wardian.js?grown");
  module.loadSync(MODULE);
  const shipped = module.shippedModel();
  const classes = new module.Model(inGolden("classes.wardian"));
  const row = rowsOf("classes")[0];
  const [before, values] = [module.memoryBytes(), classes.predictValue(row)];
  assert.equal(shipped.predictValue(EXAMPLE), example.probability);
  const wide = new module.Model(await convert(inGolden("many_features.ubj")));
  while (module.memoryBytes() === before) {
    // Each asks for more room than the one before.
    wide.marginsMany(new Float32Array(wide.description.features.length * 992));
    module.room(module.memoryBytes());
  }
  assert.equal(shipped.predictValue(EXAMPLE), example.probability);
  assert.deepEqual(classes.predictValue(row), values);
  assert.deepEqual(shipped.predict("1,400,70,28,135,34.2,0.142,").warnings.map(({ code, field }) => [code, field]), [
    ["outside_training_range", "glucose"],
    ["never_missing_in_training", "age"],
  ]);
  assert.deepEqual([shipped.description.name.length > 0, shipped.description.features.length, shipped.description.sha256.length], [true, 8, 64]);
  assert.ok(classes.number > 0 && wide.number > 0 && classes.number !== wide.number);
});
