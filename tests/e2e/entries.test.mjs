// The entries of the package as Node's users import them, and the ways in which a module comes to be loaded.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { EXAMPLE, example, golden } from "./golden.mjs";
import { NAMES } from "./module-cases.mjs";
import { script } from "./package.mjs";
import { bytesOf } from "../../npm/inside/text.js";

const inPackage = (name) => readFileSync(new URL(`../../target/package/${name}`, import.meta.url));
const inGolden = (name) => readFileSync(new URL(`../golden/${name}`, import.meta.url));
const MODULE = inPackage("wardian.wasm");
const EXPLAINING = inPackage("explain.wasm");
/** The example's values, as numbers. */
const VALUES = EXAMPLE.split(",").map(Number);
const probabilities = golden.map(({ probability }) => probability);
const texts = golden.map(({ data }) => data);

/** Of a script an instance that nothing has loaded yet: each is a module of its own. */
let instances = 0;
const fresh = (name) => script(`${name}?${(instances += 1)}`);

const scratch = mkdtempSync(path.join(tmpdir(), "wardian-entries-"));
after(() => rmSync(scratch, { recursive: true }));

let server;
let origin;
before(async () => {
  server = createServer(({ url }, response) => {
    if (url === "/wardian.wasm") {
      response.writeHead(200, { "content-type": "application/wasm" }).end(MODULE);
    } else {
      response.writeHead(404).end("no such file");
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${server.address().port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

test("the default entry predicts and explains at once", async () => {
  const { predict, predictMany, explain, explainMany, model } = await script("index.js");
  assert.deepEqual(predict(EXAMPLE), { prediction: example.probability, warnings: [] });
  assert.deepEqual([...predictMany(texts)], probabilities);
  const { prediction, margin, base, contributions, warnings } = explain(EXAMPLE);
  assert.deepEqual([prediction, warnings, Object.keys(contributions)], [example.probability, [], NAMES]);
  assert.ok(Math.abs(base + Object.values(contributions).reduce((sum, each) => sum + each) - margin) < 1e-12);
  assert.deepEqual([...explainMany([EXAMPLE])], [...Object.values(contributions), base]);
  assert.equal(model.features.length, 8);
});

test("the entry that predicts alone answers as the whole one does", async () => {
  const { predict, predictMany } = await script("predict.js");
  assert.deepEqual(predict(VALUES), { prediction: example.probability, warnings: [] });
  assert.deepEqual([...predictMany(texts)], probabilities);
});

test("the shipped model says what it is, and nobody can make it say anything else", async () => {
  const { model } = await script("index.js");
  assert.deepEqual(Object.keys(model), ["card", "name", "title", "outcome", "features", "link", "classes", "bits", "outputs", "predictions", "treeCount", "splitCount", "sha256"]);
  assert.deepEqual([model.link, model.outputs, model.predictions, model.treeCount], ["logistic", 1, 1, 150]);
  assert.equal(model.sha256, readFileSync(new URL("../../models/diabetes/diabetes.sha256", import.meta.url), "utf8").trim());
  assert.deepEqual(model.features.map(({ name }) => name), NAMES);
  assert.equal(model.card.interval.level, 0.9);
  assert.ok(Object.isFrozen(model));
  const { label, unit, description, decimals, categories } = model.features[5];
  assert.ok(label.length > 0 && description.length > 0 && model.name.length > 0 && model.title.length > 0 && model.outcome.length > 0);
  assert.deepEqual([unit, decimals, categories], ["kg/m²", 1, []]);
});

test("any model answers all that the shipped one does, whatever its bytes came in", async () => {
  const { Model } = await script("index.js");
  const bytes = inGolden("classes.wardian");
  const rows = inGolden("classes.rows.csv").toString().trimEnd().split("\n");
  const apart = new Uint8Array(bytes.length + 9);
  apart.set(bytes, 5);
  const view = apart.subarray(5, 5 + bytes.length);
  const expected = new Model(bytes);
  const predictions = [...expected.predictMany(rows)];
  const contributions = [...expected.explainMany(rows)];
  assert.equal(expected.description.outputs, 3);
  for (const form of [view, new DataView(apart.buffer, 5, bytes.length), Uint8Array.from(bytes).buffer]) {
    const model = new Model(form);
    assert.deepEqual([...model.predictMany(rows)], predictions);
    assert.deepEqual([...model.explainMany(rows)], contributions);
    assert.deepEqual(Buffer.from(model.bytes), bytes);
    const { prediction, margin, base, contributions: parts, warnings } = model.explain(rows[0]);
    assert.deepEqual([prediction, margin], [predictions.slice(0, 3), [...model.marginsMany([rows[0]])]]);
    assert.deepEqual(parts.flatMap((own, output) => [...Object.values(own), base[output]]), contributions.slice(0, contributions.length / rows.length));
    assert.deepEqual(warnings, model.predict(rows[0]).warnings);
    model.free();
    assert.equal(model.number, 0);
  }
  // A copy: what becomes of the bytes that were given is nothing to the model.
  const model = new Model(view);
  apart.fill(0);
  assert.deepEqual(Buffer.from(model.bytes), bytes);
  assert.deepEqual([...model.explainMany(rows)], contributions);
});

test("without bytes it is the shipped model", async () => {
  const { Model } = await script("index.js");
  const model = new Model();
  assert.equal(model.bytes, undefined);
  assert.equal(model.predict(EXAMPLE).prediction, example.probability);
  assert.equal(model.explain(EXAMPLE).prediction, example.probability);
  assert.equal(new Model(readFileSync(new URL("../../models/diabetes/diabetes.wardian", import.meta.url))).explain(EXAMPLE).prediction, example.probability);
});

test("a model's contract and the shipped one's are a fetch handler's", async () => {
  const { Model, handle } = await script("index.js");
  const { default: service, fetch: fetched } = await script("fetch.js");
  const ask = () =>
    new Request("http://localhost/katana-ml/api/v1.0/diabetes", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ data: EXAMPLE }),
    });
  for (const answer of [handle, service.fetch, fetched, (request) => new Model().handle(request)]) {
    const response = await answer(ask());
    assert.deepEqual([response.status, await response.text()], [200, '{"prediction":0.10455212}']);
  }
  // Another model's answer is its own, and has as many numbers.
  const other = new Model(inGolden("classes.wardian"));
  const row = inGolden("classes.rows.csv").toString().split("\n")[0];
  const response = await other.handle(new Request(ask(), { body: JSON.stringify({ data: row }) }));
  assert.deepEqual(JSON.parse(await response.text()).prediction.map(Math.fround), other.predict(row).prediction);
});

test("a pool answers for the shipped model, or for another", async () => {
  const { Model, Pool } = await script("index.js");
  const values = Float64Array.from(texts.flatMap((text) => text.split(",").map(Number)));
  const pool = await Pool.start();
  // Node has no word for how many cores there are before 21.
  assert.equal(pool.size, Math.min(8, globalThis.navigator?.hardwareConcurrency ?? 2));
  const running = pool.predictMany(values);
  await assert.rejects(pool.predictMany(values), { message: "the pool is busy with another batch" });
  assert.deepEqual([...(await running)], probabilities);
  assert.deepEqual([...(await pool.marginsMany(values))], [...new Model().marginsMany(texts)]);
  await assert.rejects(pool.predictMany(values, { signal: AbortSignal.abort(new Error("enough")) }), { message: "enough" });
  await assert.rejects(pool.predictMany(values.subarray(1)), { code: "wrong_field_count", message: "6143 values are not whole rows of 8" });
  await assert.rejects(pool.predictMany(texts), { code: "wrong_type", message: "a pool takes whole rows of numbers in a typed array" });
  pool.close();
  assert.equal(pool.size, 0);
  await assert.rejects(pool.predictMany(values), { message: "the pool is closed" });

  const model = new Model(inGolden("classes.wardian"));
  const rows = inGolden("classes.rows.csv").toString().trimEnd().split("\n");
  const numbers = Float32Array.from(rows.flatMap((row) => row.split(",").map((field) => (field === "" ? NaN : Number(field)))));
  const other = await Pool.start(model, { workers: 1 });
  assert.equal(other.size, 1);
  assert.deepEqual([...(await other.predictMany(numbers))], [...model.predictMany(rows)]);
  assert.deepEqual([...(await other.marginsMany(numbers))], [...model.marginsMany(rows)]);
  other.close();
});

test("a pool shares out more rows than it gives at a time, of several outputs, and stops where it is told to or must", async () => {
  const { Model, Pool } = await script("index.js");
  const model = new Model(inGolden("classes.wardian"));
  const { features, outputs } = model.description;
  // Three blocks, the last not whole.
  const total = 2 * 16_384 + 7;
  const values = Float32Array.from({ length: total * features.length }, (_, place) => ((place * 7919) % 61) / 15 - 2);
  const expected = Buffer.from(model.marginsMany(values).buffer);
  const pool = await Pool.start(model, { workers: 1 });
  const heard = [];
  const margins = await pool.marginsMany(values, { onProgress: (...progress) => heard.push(progress) });
  assert.deepEqual(heard, [[16_384, total], [32_768, total], [total, total]]);
  assert.equal(margins.length, total * outputs);
  assert.ok(Buffer.from(margins.buffer).equals(expected));
  assert.ok(Buffer.from((await pool.predictMany(values)).buffer).equals(Buffer.from(model.predictMany(values).buffer)));

  // What was under way when it was stopped is not heard of.
  const controller = new AbortController();
  heard.length = 0;
  const stopped = pool.marginsMany(values, {
    signal: controller.signal,
    onProgress: (...progress) => {
      heard.push(progress);
      controller.abort(new Error("enough"));
    },
  });
  await assert.rejects(stopped, { message: "enough" });
  assert.deepEqual(heard, [[16_384, total]]);

  // Of two bad blocks the first is named, though both were under way.
  const bad = values.slice();
  bad[3 * features.length] = Infinity;
  bad[20_000 * features.length + 1] = Infinity;
  await assert.rejects(pool.marginsMany(bad), { code: "not_finite", field: "f0", message: "row 4, f0: the value is infinite" });
  assert.ok(Buffer.from((await pool.marginsMany(values)).buffer).equals(expected));
  pool.close();
});

test("a pool's module may be compiled, bytes, a response, or an address", async () => {
  const [{ Pool }, module] = await Promise.all(["pool.js", "wardian.js"].map((name) => script(name)));
  module.loadSync(MODULE);
  const answer = () => fetch(`${origin}/wardian.wasm`);
  const buffer = new Uint8Array(MODULE).buffer;
  for (const source of [new WebAssembly.Module(MODULE), MODULE, buffer, await answer(), answer(), `${origin}/wardian.wasm`, new URL(`${origin}/wardian.wasm`)]) {
    const pool = await Pool.start(module.shippedModel(), { source, workers: 1 });
    assert.deepEqual([...(await pool.predictMany(Float32Array.from(VALUES)))], [example.probability]);
    pool.close();
  }
});

test("the slim entry says what is to be loaded first", () => {
  // In a process of its own: what is loaded once is there for all scripts.
  const program = `
    import { readFileSync } from "node:fs";
    import * as slim from ${JSON.stringify(new URL("../../target/package/slim.js", import.meta.url).href)};
    const [module, explaining] = ["wardian.wasm", "explain.wasm"].map((name) => readFileSync(new URL(name, ${JSON.stringify(new URL("../../target/package/", import.meta.url).href)})));
    const said = [];
    const ask = (action) => {
      try {
        said.push(action());
      } catch ({ message }) {
        said.push(message);
      }
    };
    const row = "${EXAMPLE}";
    [() => slim.predict(row), () => new slim.Model().number, () => slim.explain(row)].forEach(ask);
    await slim.load(module);
    await slim.load("nothing is asked for twice");
    slim.loadSync("nor this");
    [() => slim.predict(row).prediction, () => slim.explain(row)].forEach(ask);
    await slim.loadExplainer(explaining);
    await slim.loadExplainer("nothing is asked for twice");
    ask(() => slim.explain(row).prediction);
    const pool = await slim.Pool.start(undefined, { workers: 1, source: module });
    said.push((await pool.predictMany(Float32Array.from(row.split(",").map(Number))))[0]);
    pool.close();
    said.push(await slim.Pool.start(undefined, { workers: 1 }).then(() => "a pool without a module", () => "no pool without a module"));
    console.log(JSON.stringify(said));
    process.exit();`;
  const first = "the module is not loaded yet: await load(source) first";
  const { probability } = example;
  const file = path.join(scratch, "slim.mjs");
  writeFileSync(file, program);
  assert.deepEqual(JSON.parse(execFileSync(process.execPath, [file], { encoding: "utf8" })), [
    ...[first, first, first, probability, "explanations are not loaded yet: await loadExplainer() first"],
    ...[probability, probability, "no pool without a module"],
  ]);
});

test("a module is loaded from bytes, compiled, a response, an address, or what is still to come", async () => {
  const answer = () => fetch(`${origin}/wardian.wasm`);
  const sources = {
    bytes: () => MODULE,
    "an array buffer": () => new Uint8Array(MODULE).buffer,
    compiled: () => new WebAssembly.Module(MODULE),
    "a response": answer,
    "an awaited response": () => answer().then((response) => response),
    "an address": () => `${origin}/wardian.wasm`,
    "a URL": () => new URL(`${origin}/wardian.wasm`),
    "to come": () => Promise.resolve(MODULE),
  };
  for (const [name, source] of Object.entries(sources)) {
    const module = await fresh("wardian.js");
    assert.equal(module.shippedModel(), undefined, name);
    await module.load(source());
    assert.equal(module.predict(EXAMPLE).prediction, example.probability, name);
    const shipped = module.shippedModel();
    await module.load("nothing is asked for twice");
    assert.equal(module.shippedModel(), shipped, name);
  }
  for (const source of [MODULE, new WebAssembly.Module(MODULE)]) {
    const module = await fresh("wardian.js");
    module.loadSync(source);
    assert.equal(module.predict(EXAMPLE).prediction, example.probability);
    assert.ok(module.memoryBytes() > 0 && module.memoryBytes() % 65_536 === 0);
  }
});

test("an address that has no module says so", async () => {
  const module = await fresh("wardian.js");
  await assert.rejects(module.load(`${origin}/elsewhere.wasm`), { message: `${origin}/elsewhere.wasm answered 404` });
  await assert.rejects(module.load(fetch(`${origin}/elsewhere.wasm`)), { message: `${origin}/elsewhere.wasm answered 404` });
  assert.throws(() => module.loadSync(new Uint8Array(8)), WebAssembly.CompileError);
  // What failed can be tried again.
  await module.load(`${origin}/wardian.wasm`);
  assert.equal(module.predict(EXAMPLE).prediction, example.probability);
});

test("the modules that travel in scripts are those of the files", async () => {
  for (const [name, module] of [["engine", MODULE], ["shipped", inPackage("shipped.wasm")], ["explain", EXPLAINING]]) {
    const { default: text, exchanged, length } = await script(`${name}.text.js`);
    assert.ok(module.equals(bytesOf(text, length, exchanged)), name);
    assert.ok(exchanged.length > 0 && text.includes("asm\x01"), name);
  }
});

test("a script that was not read as UTF-8 says so", async () => {
  assert.deepEqual([...bytesOf("\0\x7f\xff", 3)], [0, 127, 255]);
  assert.deepEqual([...bytesOf("\0A\xff\x7f", 4, "\0A\xffB")], [65, 0, 66, 127]);
  assert.throws(() => bytesOf("\xc3\xbf", 1), {
    message: 'this script was not read as UTF-8, which charset="utf-8" says',
  });
});

test("the converter makes a model of XGBoost's file, and says what is in it", async () => {
  const { convert, inspect } = await script("converter.js");
  assert.deepEqual(Buffer.from(await convert(inGolden("classes.ubj"))), inGolden("classes.wardian"));
  const smaller = await convert(inGolden("classes.ubj"), { noCovers: true });
  assert.ok(smaller.length < inGolden("classes.wardian").length);
  const { kind, outputs, hasCovers } = await inspect(inGolden("classes.ubj"));
  assert.deepEqual([kind, outputs, hasCovers], ["XGBoost UBJSON", 3, true]);
  await assert.rejects(convert(inGolden("classes.ubj").subarray(0, 500)), { name: "WardianError", code: "invalid_model" });
  // What browsers give of a file, and what shares a thread's memory.
  const [file, wardian] = [inGolden("classes.ubj"), inGolden("classes.wardian")];
  const { buffer } = Uint8Array.from(file);
  const shared = new Uint8Array(new SharedArrayBuffer(file.length));
  shared.set(file);
  for (const given of [buffer, new DataView(buffer), shared.slice(), await new Response(file).arrayBuffer()]) {
    assert.deepEqual(Buffer.from(await convert(given)), wardian);
    assert.equal((await inspect(given)).kind, "XGBoost UBJSON");
  }
  for (const [given, advice] of [
    [new Blob([file]), "type Blob: await blob.arrayBuffer() gives them"],
    [new Response(file), "type Response: await response.arrayBuffer() gives them"],
    [file.toString(), "type String: a text has lost"],
    [{}, "type Object"],
    [[...file], "type Array"],
    [undefined, "type Undefined"],
  ]) {
    for (const asked of [convert, inspect]) {
      await assert.rejects(asked(given), ({ name, code, message }) => name === "WardianError" && code === "wrong_type" && message.includes(advice));
    }
  }
  const unknown = { name: "WardianError", code: "invalid_option", message: 'there is no option "all_trees"; there are schema, allTrees, noCovers, missing, categoriesFrom' };
  await assert.rejects(convert(file, { all_trees: true }), unknown);
  await assert.rejects(inspect(file, { all_trees: true }), unknown);
  await assert.rejects(inspect(new TextEncoder().encode("PAR1")), { code: "unsupported_model" });
});

test("what is to know of a file is said to who asks, or on the console", async (context) => {
  const { convert } = await script("converter.js");
  const heard = [];
  const file = await convert(inGolden("dart.ubj"), { onNote: (note) => heard.push(note) });
  assert.equal(heard.length, 1);
  assert.match(heard[0], /^the booster is dart/);
  const warn = context.mock.method(console, "warn", () => {});
  assert.deepEqual(await convert(inGolden("dart.ubj")), file);
  assert.deepEqual(warn.mock.calls.map(({ arguments: [said] }) => said), [`wardian: ${heard[0]}`]);
});

test("a missing code that is no 32-bit float is one in 32 bits as well, in every form of rows", async () => {
  const [{ Model, Pool }, { convert }] = await Promise.all(["index.js", "converter.js"].map((name) => script(name)));
  const model = new Model(await convert(inGolden("depth6_missing.ubj"), { missing: 0.1 }));
  const names = model.description.features.map(({ name }) => name);
  const width = names.length;
  const spots = Array.from({ length: 100 * width }, (_, place) => (place * 7) % 5 < 2);
  const value = (place) => ((place * 37) % 64) / 16 - 2;
  const wide = Float64Array.from(spots, (isMissing, place) => (isMissing ? 0.1 : value(place)));
  const narrow = Float32Array.from(wide);
  const rows = (values) => Array.from({ length: 100 }, (_, row) => values.subarray(row * width, (row + 1) * width));
  const columns = (values) => Object.fromEntries(names.map((name, index) => [name, values.filter((_, place) => place % width === index)]));
  const expected = [...model.marginsMany(rows(wide).map((row) => Array.from(row, (each) => (each === 0.1 ? null : each))))];
  for (const form of [wide, narrow, rows(wide), rows(narrow), columns(wide), columns(narrow)]) {
    assert.deepEqual([...model.marginsMany(form)], expected);
  }
  assert.deepEqual(rows(narrow).map((row) => model.predictValue(row)), [...model.predictMany(wide)]);
  assert.deepEqual([...model.explainMany(narrow)], [...model.explainMany(wide)]);
  const pool = await Pool.start(model, { workers: 1 });
  assert.deepEqual([...(await pool.marginsMany(narrow))], expected);
  pool.close();
  // Trainers compare in 32 bits: what is 0.1 there is missing, however it came.
  assert.deepEqual([...model.marginsMany(Float64Array.from(narrow))], expected);
});
