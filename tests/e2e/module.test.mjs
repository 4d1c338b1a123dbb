// The built module and `npm/model/wardian.js`, in Node and in a real browser.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { LAUNCH } from "./browser.mjs";
import { CONTRACT, example, golden } from "./golden.mjs";
import { CASES, failures, poolFailures } from "./module-cases.mjs";
import { serve } from "./serve.mjs";

/** The package, whose module opens any model; the page's own is asked by person.test.mjs. */
const DIST = new URL("../../target/package/", import.meta.url);
const read = (path) => readFileSync(new URL(`../${path}`, import.meta.url));
const lines = (path) => read(path).toString().trimEnd().split("\n");

const models = Object.fromEntries(
  ["classes", "largest_class", "vector_leaves", "categories"].map((name) => {
    const expected = lines(`golden/${name}.expected.csv`).slice(1).map((line) => line.split(","));
    const bits = (column) => expected.flatMap((fields) => fields[column].split(" ").map((hex) => Number.parseInt(hex, 16)));
    return [name, { bytes: [...read(`golden/${name}.wardian`)], rows: lines(`golden/${name}.rows.csv`), margins: bits(1), predictions: bits(2) }];
  }),
);
const files = { openapi: CONTRACT.description, contract: CONTRACT, example, golden, models, decimals: JSON.parse(read("golden/decimals.json")) };

test(`${Object.keys(CASES).length} cases of the module in Node`, async () => {
  const [module, rest] = await Promise.all(["wardian.js", "rest.js"].map((name) => import(new URL(name, DIST))));
  module.loadSync(await readFile(new URL("engine_bg.wasm", DIST)));
  assert.deepEqual(failures(module, rest, files), []);
});

test("the page's module is sealed: it answers as the package's does, and opens no other model", async () => {
  const page = new URL("../../www/dist/", import.meta.url);
  const module = await import(new URL("wardian.js", page));
  module.loadSync(await readFile(new URL("engine_bg.wasm", page)));
  assert.deepEqual(
    [...module.predictMany(golden.map(({ data }) => data))],
    golden.map(({ probability }) => probability),
  );
  assert.equal(module.predict(example.data).prediction, example.probability);
  assert.throws(() => new module.Model(Uint8Array.from(models.classes.bytes)), {
    code: "unsupported_model",
    message: "this module is sealed around its own model",
  });
});

test("a model whose features have no names of their own is refused", async () => {
  const module = await import(new URL("wardian.js", DIST));
  module.loadSync(await readFile(new URL("engine_bg.wasm", DIST)));
  const { crc32 } = await import("node:zlib");
  // The names f0 and f1 of the golden model, and the separator before the second.
  const altered = (from, to) => {
    const bytes = Buffer.from(models.classes.bytes);
    const place = bytes.indexOf(from);
    assert.ok(place > 0, from);
    bytes.write(to, place);
    bytes.writeUInt32LE(crc32(bytes.subarray(16)), 12);
    return bytes;
  };
  const error = { code: "invalid_model", message: "a feature has no name of its own, or texts are absent or too many" };
  for (const [from, to] of [["\0f1\0", "\0f0\0"], ["\0f1\0", "\0  \0"], ["\0f1\0", "\0f\0\0"]]) {
    assert.throws(() => new module.Model(altered(from, to)), error, JSON.stringify(to));
  }
});

test("the converter makes of XGBoost's file what the command line makes of it", async () => {
  const { default: start, convert, inspect } = await import(new URL("convert.js", DIST));
  await start({ module_or_path: readFileSync(new URL("convert_bg.wasm", DIST)) });
  const model = (name) => new Uint8Array(readFileSync(new URL(`../../models/diabetes/${name}`, import.meta.url)));
  const schema = new TextDecoder().decode(model("schema.json"));
  const shipped = Buffer.from(model("diabetes.wardian"));
  for (const name of ["diabetes.ubj", "diabetes.json"]) {
    assert.ok(shipped.equals(convert(model(name), { schema, noCovers: true })[0]), name);
  }
  for (const name of Object.keys(models)) {
    assert.ok(Buffer.from(models[name].bytes).equals(convert(new Uint8Array(read(`golden/${name}.ubj`)))[0]), name);
  }
  const { kind, features, trees, depth, link, hasCovers } = inspect(model("diabetes.ubj"));
  assert.deepEqual([kind, features.length, trees, depth, link, hasCovers], ["XGBoost UBJSON", 8, 150, 2, "logistic", true]);
  assert.throws(() => convert(new TextEncoder().encode("CBM1")), { name: "WardianError", code: "invalid_model", message: "the file ends early, before its size: copy it again" });
  assert.throws(() => convert(model("diabetes.ubj"), { schema: "{}" }), { code: "invalid_schema" });
  assert.throws(() => convert(model("diabetes.ubj").subarray(0, 5000)), { code: "invalid_model" });
});

test("a pool of workers in Node", async () => {
  const [module, { Pool }] = await Promise.all(["wardian.js", "pool.js"].map((name) => import(new URL(name, DIST))));
  const source = await readFile(new URL("engine_bg.wasm", DIST));
  module.loadSync(source);
  const start = (workers) => Pool.start(module.shippedModel(), { source, workers });
  assert.deepEqual(await poolFailures(module, start, files), []);
});

test(`${Object.keys(CASES).length} cases of the module, and a pool, in a browser`, async () => {
  const browser = await chromium.launch(LAUNCH);
  const server = await serve(fileURLToPath(DIST), "/");
  try {
    const page = await browser.newPage();
    const cases = await readFile(new URL("module-cases.mjs", import.meta.url));
    await page.route("**/module-cases.mjs", (route) => route.fulfill({ contentType: "text/javascript", body: cases }));
    await page.route(server.url, (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html>" }));
    await page.goto(server.url);
    const failed = await page.evaluate(async (files) => {
      const [module, rest, { Pool }, { failures, poolFailures }] = await Promise.all([
        import(new URL("wardian.js", document.baseURI)),
        import(new URL("rest.js", document.baseURI)),
        import(new URL("pool.js", document.baseURI)),
        import(new URL("module-cases.mjs", document.baseURI)),
      ]);
      const source = new URL("engine_bg.wasm", document.baseURI);
      await module.load(source);
      const start = (workers) => Pool.start(module.shippedModel(), { source, workers });
      return [...failures(module, rest, files), ...(await poolFailures(module, start, files))];
    }, files);
    assert.deepEqual(failed, []);
  } finally {
    await browser.close();
    server.close();
  }
});
