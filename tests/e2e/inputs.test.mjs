// Every form that a row and many rows may have in JavaScript, and what is done with what is none.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";
import * as arrow from "apache-arrow";
import { EXAMPLE, example, golden } from "./golden.mjs";
import { NAMES } from "./module-cases.mjs";
import { script } from "./package.mjs";

const inGolden = (name) => readFileSync(new URL(`../golden/${name}`, import.meta.url));
const VALUES = EXAMPLE.split(",").map(Number);
const named = (values) => Object.fromEntries(NAMES.map((name, index) => [name, values[index]]));

let wardian;
let convert;
/** Two features: a number, and a store of 10, 20 and 35. */
let stores;
/** Three features: a colour, a number, and a size. */
let colours;
before(async () => {
  wardian = await script("index.js");
  ({ convert } = await script("converter.js"));
  stores = new wardian.Model(await convert(readFileSync(new URL("../cases/integer-categories/model.json", import.meta.url))));
  colours = new wardian.Model(inGolden("categories.wardian"));
});

/** The code, field and message of the error that `action` throws. */
function refusal(action) {
  try {
    action();
  } catch ({ name, code, field, message }) {
    assert.equal(name, "WardianError", message);
    return { code, field, message };
  }
  return assert.fail("nothing is thrown");
}

function refuses(action, code, wanted) {
  const { code: own, message } = refusal(action);
  assert.equal(own, code, message);
  assert.match(message, wanted);
}

test("a row may be any typed array of numbers", () => {
  const { predict, explain } = wardian;
  const whole = [1, 106, 70, 28, 100, 34, 0, 22];
  const expected = predict(whole).prediction;
  const kinds = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array, globalThis.Float16Array];
  for (const Kind of kinds.filter((kind) => kind !== undefined)) {
    assert.equal(predict(Kind.from(whole)).prediction, expected, Kind.name);
    assert.equal(explain(Kind.from(whole)).prediction, expected, Kind.name);
    const many = Kind.from([...whole, ...whole]);
    assert.deepEqual([...wardian.predictMany(many)], [expected, expected], Kind.name);
    assert.deepEqual([...wardian.explainMany(many)], [...wardian.explainMany([whole, whole])], Kind.name);
    const columns = Object.fromEntries(NAMES.map((name, index) => [name, Kind.of(whole[index])]));
    assert.deepEqual([...wardian.predictMany(columns)], [expected], Kind.name);
  }
});

test("a row may be a Map, a form's data or an address's query", () => {
  const { predict, explain, predictMany } = wardian;
  const form = new FormData();
  const query = new URLSearchParams();
  for (const [index, name] of NAMES.entries()) {
    form.append(name, ` ${VALUES[index]} `);
    query.append(name, VALUES[index]);
  }
  const rows = [new Map(Object.entries(named(VALUES))), form, query];
  for (const row of rows) {
    assert.deepEqual(predict(row), { prediction: example.probability, warnings: [] });
    assert.deepEqual(explain(row), explain(EXAMPLE));
  }
  assert.deepEqual([...predictMany([...rows, named(VALUES), VALUES])], Array(5).fill(example.probability));
  // What is not named, or empty, is not measured.
  assert.deepEqual(predict(new Map([["age", 50]])), predict({ age: 50 }));
  assert.deepEqual(predict(new URLSearchParams("age=50&glucose=")), predict({ age: 50 }));
  assert.deepEqual(predict(new URLSearchParams("age=NA&glucose=106")), predict({ glucose: 106 }));
  refuses(() => predict(new URLSearchParams("age=50&age=51")), "wrong_type", /^age: one text is due$/);
  refuses(() => predict(new URLSearchParams("age=fifty")), "not_a_number", /^age: "fifty" is not a number$/);
  refuses(() => predict(new URLSearchParams("years=50")), "unknown_field", /^years: no such feature/);
  refuses(() => predict(new URLSearchParams("age=50&__proto__=1")), "unknown_field", /^__proto__: no such feature/);
  refuses(() => predict(new URLSearchParams()), "empty_input", /no values given/);
  refuses(() => predict(new Map()), "empty_input", /no values given/);
  refuses(() => predict(new Map([["age", "50"]])), "wrong_type", /^age: a number, null or undefined is due, not a value of type string$/);
  const upload = new FormData();
  upload.append("age", new Blob(["50"]), "age.txt");
  refuses(() => predict(upload), "wrong_type", /^age: one text is due$/);
});

test("what is no row is refused by its type, with what to do", () => {
  const { predict, predictMany, explain, explainMany } = wardian;
  const buffer = new ArrayBuffer(32);
  for (const [given, wanted] of [
    [buffer, /type ArrayBuffer: new Float32Array\(buffer\)$/],
    [new SharedArrayBuffer(32), /type SharedArrayBuffer$/],
    [new DataView(buffer), /type DataView$/],
    [new BigInt64Array(8), /type BigInt64Array: Float64Array\.from\(values, Number\)/],
    [new BigUint64Array(8), /type BigUint64Array$/],
    [Promise.resolve(VALUES), /type Promise: await it first$/],
    [new Date(0), /type Date$/],
    [() => VALUES, /type Function$/],
    [new Set(VALUES), /type Set$/],
    [new Blob([EXAMPLE]), /type Blob$/],
    [/x/, /type RegExp$/],
    [new Error("x"), /type Error$/],
    [7n, /type BigInt$/],
    [Symbol("x"), /type Symbol$/],
  ]) {
    for (const ask of [predict, explain, predictMany, explainMany, (row) => predictMany([row]), (row) => new wardian.Model().predictValue(row)]) {
      refuses(() => ask(given), "wrong_type", wanted);
    }
  }
  refuses(() => predictMany([VALUES, buffer]), "wrong_type", /^row 2: a row \(text, /);
  refuses(() => predictMany(new URLSearchParams("age=50")), "wrong_type", /type URLSearchParams$/);
  // An object of somebody's class is one by its names.
  class Person {
    age = 50;
  }
  assert.deepEqual(predict(new Person()), predict({ age: 50 }));
  assert.deepEqual(predict(Object.assign(Object.create(null), { age: 50 })), predict({ age: 50 }));
});

test("many rows may be columns in a Map", () => {
  const columns = Object.fromEntries(NAMES.map((name, index) => [name, golden.map(({ data }) => Number(data.split(",")[index]))]));
  const map = new Map(Object.entries(columns));
  assert.deepEqual([...wardian.predictMany(map)], golden.map(({ probability }) => probability));
  assert.deepEqual([...wardian.explainMany(map)], [...wardian.explainMany(columns)]);
  refuses(() => wardian.predictMany(new Map([["age", [50, 51]], ["glucose", [106]]])), "wrong_field_count", /^glucose: the column has 1 values/);
  refuses(() => wardian.explainMany(new Map()), "empty_input", /no columns/);
});

test("a number is the trainer's value of a category, a text its name", () => {
  // The bits that XGBoost 3.2 gives: a category of 10, and none.
  const [ten, none] = [5.380624771118164, 15.807491302490234];
  const asked = stores.predictValue("1,10");
  assert.equal(asked, ten);
  assert.equal(stores.predictValue("1,"), none);
  const map = new Map([["a", 1], ["store", 10]]);
  for (const row of [[1, 10], [1, "10"], [1, " 10 "], { a: 1, store: 10 }, { a: 1, store: "10" }, map, Float64Array.of(1, 10), Int8Array.of(1, 10), new URLSearchParams("a=1&store=10")]) {
    assert.equal(stores.predictValue(row), ten);
    assert.equal(stores.explain(row).prediction, ten);
  }
  for (const row of [[1, { code: 0 }], { a: 1, store: { code: 0 } }, new Map([["store", { code: 0 }], ["a", 1]])]) {
    assert.equal(stores.predictValue(row), ten);
  }
  for (const row of [[1, 0], Float32Array.of(1, 0), { a: 1, store: 0 }]) {
    assert.equal(stores.predictValue(row, { codes: true }), ten);
    assert.equal(stores.predict(row, { codes: true }).prediction, ten);
    assert.equal(stores.explain(row, { codes: true }).prediction, ten);
    refuses(() => stores.predictValue(row), "unknown_category", /^store: "0" is none of the feature's categories$/);
    refuses(() => stores.predictValue(row, { codes: false }), "unknown_category", /^store/);
  }
  for (const nothing of [null, undefined, NaN]) {
    assert.equal(stores.predictValue([1, nothing]), none);
    assert.equal(stores.predictValue(Float64Array.of(1, nothing ?? NaN)), none);
  }
  for (const value of [7, 10.5, -1, Infinity, "7", "", "ten"]) {
    refuses(() => stores.predictValue([1, value]), "unknown_category", /^store: ".*" is none of the feature's categories$/);
  }
  for (const [truth, number] of [[true, 1], [false, 0]]) {
    assert.equal(stores.predictValue([truth, 10]), stores.predictValue([number, 10]));
    assert.deepEqual([...stores.marginsMany([{ a: truth, store: 10 }])], [...stores.marginsMany([[number, 10]])]);
  }
  refuses(() => stores.predictValue([1, true]), "wrong_type", /^store: a category's name, null or undefined is due, not a value of type boolean$/);
  refuses(() => stores.predictValue([{ code: 0 }, 10]), "wrong_type", /^a: a number, null or undefined is due, not a value of type object$/);
});

test("the trainer's values are taken in every form of many rows, and a bad one's row is named", () => {
  const [ten, twenty] = [stores.predictValue([1, "10"]), stores.predictValue([2, "20"])];
  const columns = { a: [1, 2], store: [10, 20] };
  const forms = [
    [[1, 10], { a: 2, store: "20" }], Float64Array.of(1, 10, 2, 20), Uint8Array.of(1, 10, 2, 20), columns, new Map(Object.entries(columns)),
    { a: [1, 2], store: ["10", { code: 1 }] }, { a: Float32Array.of(1, 2), store: Int32Array.of(10, 20) },
  ];
  for (const form of forms) {
    assert.deepEqual([...stores.predictMany(form)], [ten, twenty]);
    assert.deepEqual([...stores.explainMany(form)], [...stores.explainMany([[1, "10"], [2, "20"]])]);
  }
  for (const form of [[[1, 0], [2, 1]], Float64Array.of(1, 0, 2, 1), { a: [1, 2], store: [0, 1] }]) {
    assert.deepEqual([...stores.predictMany(form, { codes: true })], [ten, twenty]);
    assert.deepEqual([...stores.marginsMany(form, { codes: true })], [...stores.marginsMany(forms[0])]);
    assert.deepEqual([...stores.explainMany(form, { codes: true })], [...stores.explainMany(forms[0])]);
  }
  for (const form of [[[1, 10], [2, 7]], Float64Array.of(1, 10, 2, 7), { a: [1, 2], store: [10, 7] }]) {
    refuses(() => stores.predictMany(form), "unknown_category", /^row 2, store: "7" is none/);
    refuses(() => stores.explainMany(form), "unknown_category", /^row 2, store: "7" is none/);
  }
});

test("of categories that are words a number is none", () => {
  const [first, , last] = colours.description.features;
  const code = first.categories.indexOf("red");
  const expected = colours.predictValue("red,0.5,s7");
  assert.equal(colours.predictValue(["red", 0.5, "s7"]), expected);
  assert.equal(colours.predictValue({ [first.name]: "red", [last.name]: "s7", [colours.description.features[1].name]: 0.5 }), expected);
  const codes = [code, 0.5, last.categories.indexOf("s7")];
  for (const row of [codes, Float64Array.from(codes)]) {
    assert.equal(colours.predictValue(row, { codes: true }), expected);
    const { code: own, field, message } = refusal(() => colours.predictValue(row));
    assert.deepEqual([own, field], ["wrong_type", first.name]);
    assert.equal(message, `${first.name}: a category's name, null or undefined is due, not ${code}, which { codes: true } takes for a code`);
  }
  refuses(() => colours.predictValue(["purple", 0.5, "s7"]), "unknown_category", /"purple" is none/);
  assert.equal(colours.predictValue([NaN, 0.5, "s7"]), colours.predictValue(",0.5,s7"));
  // With the option, too, a text is a name.
  assert.equal(colours.predictValue(["red", 0.5, codes[2]], { codes: true }), expected);
});

test("a category that training did not see is answered where the trainer answers it, with a warning, and refused elsewhere", async () => {
  const model = new wardian.Model(await convert(readFileSync(new URL("../golden/others/colours.catboost.json", import.meta.url))));
  const { features } = model.description;
  assert.deepEqual([features, stores.description.features].map((all) => all.map(({ takesUnseen }) => takesUnseen)), [features.map(({ categories }) => categories.length > 0), [false, false]]);
  const index = features.findIndex(({ takesUnseen }) => takesUnseen);
  const { name, categories } = features[index];
  const row = features.map((feature) => (feature.takesUnseen ? categories[0] : 0.5));
  const other = row.with(index, "no such, ever");
  const expected = model.predictValue(row.with(index, { code: categories.length }));
  const text = features.map((_, place) => (place === index ? '"no such, ever"' : other[place])).join(",");
  for (const form of [other, text, { data: text }, Object.fromEntries(features.map((feature, place) => [feature.name, other[place]]))]) {
    assert.equal(model.predictValue(form), expected);
    assert.deepEqual(model.predict(form).warnings, [{ code: "unseen_category", field: name, message: "a category that training did not see" }]);
  }
  assert.deepEqual([...model.predictMany([other, row])], [expected, model.predictValue(row)]);
  assert.deepEqual(model.predict(row).warnings, []);
});

test("fields in quotes hold commas, and a quote that ends nowhere is a sign like any other", () => {
  const expected = colours.predictValue("red,0.5,s7");
  for (const text of ['"red",0.5,s7', ' "red" , "0.5" ,"s7"', 'red,"0.5",s7']) {
    assert.equal(colours.predictValue(text), expected, text);
  }
  const { name } = colours.description.features[0];
  for (const [text, said] of [['"red, green",0.5,s7', "red, green"], ['"re""d",0.5,s7', 're"d'], ['"red,0.5,s7', '"red']]) {
    const { code, field, message } = refusal(() => colours.predictValue(text));
    assert.deepEqual([code, field], ["unknown_category", name], message);
    assert.ok(message.includes(JSON.stringify(said)), message);
  }
  assert.equal(colours.predictValue(',0.5,"s7"'), colours.predictValue([null, 0.5, "s7"]));
  refuses(() => colours.predictValue('"red,0.5",s7'), "wrong_field_count", /^.*3 values are needed, 2 given/);
  const long = `"${",".repeat(1e6)}`;
  refuses(() => colours.predictValue(long), "wrong_field_count", /1000001 given/);
});

test("a pool takes the trainer's values, or codes where they are asked for", async () => {
  const pool = await wardian.Pool.start(stores, { workers: 1 });
  const expected = [...stores.predictMany([[1, 10], [2, 20]])];
  try {
    assert.deepEqual([...(await pool.predictMany(Uint8Array.of(1, 10, 2, 20)))], expected);
    assert.deepEqual([...(await pool.predictMany(Float32Array.of(1, 0, 2, 1), { codes: true }))], expected);
    await assert.rejects(pool.marginsMany(Float32Array.of(1, 10, 2, 1)), { code: "unknown_category", message: /^row 2, store/ });
    await assert.rejects(pool.predictMany(new BigInt64Array(2)), { code: "wrong_type" });
  } finally {
    pool.close();
  }
});

test("a model with a feature called data takes objects by name", async () => {
  const text = readFileSync(new URL("../cases/integer-categories/model.json", import.meta.url), "utf8").replace('["a","store"]', '["a","data"]');
  const model = new wardian.Model(await convert(new TextEncoder().encode(text)));
  assert.equal(model.predictValue({ data: "10", a: 1 }), stores.predictValue([1, 10]));
  assert.equal(stores.predictValue({ data: "1,10" }), stores.predictValue([1, 10]));
});

test("a truth is the category that Python calls so, in every form", async () => {
  const text = readFileSync(new URL("../cases/integer-categories/model.json", import.meta.url), "utf8")
    .replace('{"type":15,"values":[10,20,35]}', JSON.stringify({ offsets: [0, 5, 9], values: [...Buffer.from("FalseTrue")] }))
    .replace('"feature_segments":[0,0,3],"sorted_idx":[0,1,2]', '"feature_segments":[0,0,2],"sorted_idx":[0,1]');
  const model = new wardian.Model(await convert(new TextEncoder().encode(text)));
  assert.deepEqual(model.description.features[1].categories, ["False", "True"]);
  const due = [model.predictValue([1, { code: 0 }]), model.predictValue([1, { code: 1 }])];
  assert.notEqual(...due);
  for (const [code, given] of [[0, [false, "False", "false", "FALSE"]], [1, [true, "True", "true", "TRUE", " true "]]]) {
    for (const store of given) {
      assert.equal(model.predictValue([1, store]), due[code], `${store}`);
      assert.equal(model.predictValue({ a: 1, store }), due[code], `${store}`);
      assert.equal(model.predictValue(`1,${store}`), due[code], `${store}`);
      assert.deepEqual([...model.predictMany({ a: [1], store: [store] })], [due[code]], `${store}`);
    }
  }
  const table = new arrow.Table({ a: arrow.vectorFromArray([1, 1, 1], new arrow.Float64()), store: arrow.vectorFromArray([true, null, false], new arrow.Bool()) });
  assert.deepEqual([...model.predictMany(table)], [due[1], model.predictValue([1, null]), due[0]]);
  refuses(() => model.predictValue("1,tRue"), "unknown_category", /^store/);
  refuses(() => model.predictValue([1, 1]), "wrong_type", /^store/);
});

test("a table of Apache Arrow is columns by name, its nulls not measured", () => {
  const values = golden.map(({ data }) => data.split(",").map(Number));
  const typed = (index) => Float64Array.from(values, (row) => row[index]);
  const table = arrow.tableFromArrays(Object.fromEntries(NAMES.map((name, index) => [name, typed(index)])));
  const expected = golden.map(({ probability }) => probability);
  const model = new wardian.Model();
  for (const predictMany of [wardian.predictMany, (rows) => model.predictMany(rows)]) {
    assert.deepEqual([...predictMany(table)], expected);
    assert.deepEqual([...predictMany(table.batches[0])], expected);
    assert.deepEqual([...predictMany(arrow.tableFromIPC(arrow.tableToIPC(table)))], expected);
  }
  assert.deepEqual([...model.marginsMany(table)], [...model.marginsMany(values)]);
  assert.deepEqual([...wardian.explainMany(table)], [...wardian.explainMany(values)]);
  assert.deepEqual([...model.explainMany(table)], [...wardian.explainMany(values)]);

  const column = (values, type) => arrow.vectorFromArray(values, type);
  const others = new arrow.Table({
    age: column([50n, null, 22n], new arrow.Int64()),
    glucose: column([106.5, 90, null], new arrow.Float32()),
    times_pregnant: column([true, false, null], new arrow.Bool()),
    mass_index: column([30, null, 31], new arrow.Uint8()),
    serum_insulin: column([null, null, null], new arrow.Null()),
  });
  assert.deepEqual(
    [...wardian.predictMany(others)],
    [
      { age: 50, glucose: 106.5, times_pregnant: 1, mass_index: 30 },
      { glucose: 90, times_pregnant: 0 },
      { age: 22, mass_index: 31 },
    ].map((row) => wardian.predict(row).prediction),
  );
  const [first, second, third] = colours.description.features.map(({ name }) => name);
  const words = new arrow.Table({
    [first]: column(["red", null, "blue"], new arrow.Dictionary(new arrow.Utf8(), new arrow.Int8())),
    [second]: column([0.5, 1, -1], new arrow.Float64()),
    [third]: column(["s7", "s1", "s2"], new arrow.Utf8()),
  });
  assert.deepEqual([...colours.predictMany(words)], [...colours.predictMany(["red,0.5,s7", ",1,s1", "blue,-1,s2"])]);
  assert.deepEqual([...stores.predictMany(new arrow.Table({ a: column([1, 2], new arrow.Int32()), store: column([10, 20], new arrow.Int32()) }))], [...stores.predictMany([[1, 10], [2, 20]])]);

  refuses(() => wardian.predictMany(new arrow.Table({ years: column([1], new arrow.Int32()) })), "unknown_field", /^years/);
  const at = column([new Date(0)], new arrow.TimestampMillisecond());
  refuses(() => wardian.predictMany(new arrow.Table({ age: at })), "wrong_type", /^age: a column of type Timestamp<MILLISECOND> is no number and no category$/);
  refuses(() => wardian.predictMany(new arrow.Table({ age: column(["50"], new arrow.Utf8()) })), "wrong_type", /^row 1, age: a number/);
  refuses(() => wardian.predict(table), "wrong_type", /type Table: see predictMany of wardian$/);
});

test("predicting alone has no room for tables, and says what has", async () => {
  const { predictMany } = await script("predict.js");
  refuses(() => predictMany(arrow.tableFromArrays({ age: Float64Array.of(50) })), "wrong_type", /type Table: see predictMany of wardian$/);
});

test("an option that is not there is refused wherever options are taken", async () => {
  const { predict, predictMany, explain, explainMany, Model, Pool } = wardian;
  const model = new Model();
  const unknown = /^there is no option "code"; there are codes, baseMargin$/;
  for (const ask of [predict, explain, (row, options) => model.predict(row, options), (row, options) => model.predictValue(row, options), (row, options) => model.explain(row, options)]) {
    refuses(() => ask(EXAMPLE, { code: true }), "invalid_option", unknown);
  }
  for (const ask of [predictMany, explainMany, (rows, options) => model.predictMany(rows, options), (rows, options) => model.marginsMany(rows, options), (rows, options) => model.explainMany(rows, options)]) {
    refuses(() => ask([EXAMPLE], { code: true }), "invalid_option", unknown);
  }
  // As `map` calls it, with a place that is no options.
  assert.deepEqual([EXAMPLE, EXAMPLE].map(predict).map(({ prediction }) => prediction), [example.probability, example.probability]);
  await assert.rejects(Pool.start(undefined, { threads: 2 }), { code: "invalid_option", message: 'there is no option "threads"; there are workers, source' });
  for (const workers of [0, -1, 1.5, NaN, "2"]) {
    await assert.rejects(Pool.start(undefined, { workers }), { code: "invalid_option", message: `workers is a whole number from 1 up, not ${workers}` });
  }
  const pool = await Pool.start(undefined, { workers: 1 });
  try {
    const message = 'there is no option "progress"; there are onProgress, signal, codes, baseMargin';
    await assert.rejects(pool.predictMany(Float32Array.from(VALUES), { progress: () => {} }), { code: "invalid_option", message });
  } finally {
    pool.close();
  }
  const { serve } = await script("serve.js");
  await assert.rejects(serve(model, {}, { port: 0, hostname: "127.0.0.1" }), { code: "invalid_option", message: 'there is no option "hostname"; there are port, host' });
});

test("a pool of what is no model is refused before any worker is started", async () => {
  const before = process.getActiveResourcesInfo().length;
  for (const model of [wardian.model, {}, null, inGolden("classes.wardian")]) {
    await assert.rejects(wardian.Pool.start(model), { name: "WardianError", code: "wrong_type", message: /Pool\.start\(\)$/ });
  }
  assert.equal(process.getActiveResourcesInfo().length, before);
});

test("rows may begin with base margins of their own", async () => {
  const inCase = (name) => readFileSync(new URL(`../cases/base-margin/${name}`, import.meta.url));
  const model = new wardian.Model(await convert(inCase("model.json")));
  const lines = String(inCase("rows.csv")).trim().split("\n").slice(1).map((line) => line.split(",").map(Number));
  const rows = lines.map((line) => line.slice(0, 3));
  const baseMargin = lines.map((line) => line[3]);
  const expected = String(inCase("expected.txt")).trim().split("\n").map(Number).map(Math.fround);
  for (const form of [baseMargin, Float64Array.from(baseMargin), Float32Array.from(baseMargin)]) {
    assert.deepEqual([...model.predictMany(rows, { baseMargin: form })], expected);
    assert.deepEqual([...model.predictMany(Float64Array.from(rows.flat()), { baseMargin: form })], expected);
  }
  const many = model.explainMany(rows, { baseMargin });
  const plain = model.explainMany(rows);
  const pool = await wardian.Pool.start(model, { workers: 2 });
  try {
    // More rows than a worker is given at once.
    const times = Math.ceil(40_000 / rows.length);
    const again = (values) => Array.from({ length: times }, () => values).flat();
    const answers = await pool.predictMany(Float32Array.from(again(rows.flat())), { baseMargin: again(baseMargin) });
    assert.deepEqual([...answers], again(expected));
    await assert.rejects(pool.predictMany(Float32Array.from(rows.flat()), { baseMargin: [1] }), { code: "invalid_option" });
  } finally {
    pool.close();
  }
  rows.forEach((row, index) => {
    const options = { baseMargin: baseMargin[index] };
    assert.equal(model.predict(row, options).prediction, expected[index]);
    assert.equal(model.predictValue(row, { baseMargin: [baseMargin[index]] }), expected[index]);
    const { prediction, margin, base, contributions } = model.explain(row, options);
    assert.equal(prediction, expected[index]);
    assert.equal(margin, model.marginsMany([row], options)[0]);
    assert.deepEqual([...many.subarray(4 * index, 4 * index + 4)], [...Object.values(contributions), base]);
    // What a sum begins with is no feature's doing.
    assert.deepEqual(many.subarray(4 * index, 4 * index + 3), plain.subarray(4 * index, 4 * index + 3));
  });
  // The options are of one call.
  assert.notEqual(model.predictValue(rows[0]), expected[0]);
  const due = (count) => new RegExp(`^baseMargin: ${count} finite numbers are due$`);
  for (const bad of [[], [1, 2], NaN, Infinity, 1e300, null, "x", "1", true, {}, [null], ["1"]]) {
    refuses(() => model.predict(rows[0], { baseMargin: bad }), "invalid_option", due(1));
    refuses(() => model.explainMany([rows[0]], { baseMargin: bad }), "invalid_option", due(1));
  }
  refuses(() => model.predictMany(rows, { baseMargin: 1 }), "invalid_option", due(rows.length));
  const dart = new wardian.Model(await convert(readFileSync(new URL("../cases/dart-dmatrix/model.json", import.meta.url))));
  const row = dart.description.features.map(() => 0.5);
  refuses(() => dart.predict(row, { baseMargin: 0.5 }), "unsupported_model", /^the model takes no baseMargin, or was freed$/);
  refuses(() => dart.predictMany([row], { baseMargin: 0.5 }), "unsupported_model", /the model takes no baseMargin/);
});

test("a text names a category as a cell of a file does", () => {
  const inStore = (text) => stores.predict(`1,${text}`).prediction;
  for (const text of ["10", " 10 ", "10.0", "1e1", "+10"]) {
    assert.equal(inStore(text), inStore("10"), text);
  }
  assert.equal(inStore("\u00a035.00"), inStore("35"));
  refuses(() => inStore("11"), "unknown_category", /"11" is none of the feature's categories/);
  assert.ok(inStore("10") !== inStore("35.0"));
});

test("a model that was given back is asked nothing", () => {
  const model = new wardian.Model();
  model.free();
  refuses(() => model.predict(EXAMPLE), "unsupported_model", /or was freed$/);
  refuses(() => model.predictMany([EXAMPLE]), "unsupported_model", /or was freed$/);
});
