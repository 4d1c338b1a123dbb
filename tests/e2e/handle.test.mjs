// The REST contract as a fetch handler, in Node. That it answers the Rust contract's words: module-cases.mjs; how it reads
// bodies, and what it makes of bad ones: service.test.mjs.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";
import { CONTRACT, example } from "./golden.mjs";

const DIST = new URL("../../target/package/", import.meta.url);
const ORIGIN = "http://localhost";
const PATH = "/katana-ml/api/v1.0/diabetes";
const DESCRIPTION_PATH = "/katana-ml/api/v1.0/openapi.json";
const DESCRIPTION = readFileSync(new URL("../../models/diabetes/openapi.json", import.meta.url), "utf8");

let handle;
let handleWith;
let answer;
let model;
before(async () => {
  const module = await import(new URL("wardian.js", DIST));
  module.loadSync(readFileSync(new URL("engine_bg.wasm", DIST)));
  model = module.shippedModel();
  ({ handleWith } = await import(new URL("handle.js", DIST)));
  handle = (request) => handleWith(model, request, CONTRACT);
  ({ answer } = await import(new URL("rest.js", DIST)));
});

const post = (body, more) =>
  handle(new Request(ORIGIN + PATH, { method: "POST", headers: { "content-type": "application/json" }, body, duplex: "half", ...more }));
const parts = async (response) => ({
  status: response.status,
  headers: [...response.headers].sort(),
  body: await response.text(),
});

test("what handle answers is what the pure function answers", async () => {
  for (const body of [JSON.stringify({ data: example.data }), JSON.stringify({ data: "1,2" }), "{", "", "[1]"]) {
    const expected = answer(model, { method: "POST", path: PATH, contentType: "application/json", body }, CONTRACT);
    assert.deepEqual(await parts(await post(body)), { ...expected, headers: expected.headers.sort() }, body);
  }
  for (const [method, path] of [["GET", PATH], ["OPTIONS", PATH], ["GET", "/"], ["DELETE", DESCRIPTION_PATH], ["OPTIONS", DESCRIPTION_PATH]]) {
    const expected = answer(model, { method, path }, CONTRACT);
    assert.deepEqual(await parts(await handle(new Request(ORIGIN + path, { method }))), { ...expected, headers: expected.headers.sort() }, method);
  }
});

test("what needs no body to be answered waits for none", async () => {
  const silent = () => ({ method: "POST", body: new ReadableStream({ pull: () => new Promise(() => {}) }), duplex: "half" });
  assert.equal((await handle(new Request(`${ORIGIN}/`, silent()))).status, 404);
  assert.equal((await handle(new Request(ORIGIN + PATH, silent()))).status, 415);
});

test("the contract describes itself", async () => {
  const response = await handle(new Request(`${ORIGIN}${DESCRIPTION_PATH}?for=client`));
  assert.deepEqual([response.status, response.headers.get("content-type"), await response.text()], [200, "application/json", DESCRIPTION]);
  const head = await handle(new Request(ORIGIN + DESCRIPTION_PATH, { method: "HEAD" }));
  assert.deepEqual([head.status, head.headers.get("content-type"), await head.text()], [200, "application/json", ""]);
});

test("a handler may stand below a path and answer with another model", async () => {
  const half = { predictValue: () => 0.5 };
  const ask = (path) =>
    handleWith(half, new Request(ORIGIN + path, { method: "POST", headers: { "content-type": "application/json" }, body: '{"data":""}' }), CONTRACT, "/app");
  assert.equal(await (await ask(`/app${PATH}`)).text(), '{"prediction":0.5}');
  assert.equal((await ask(`/app/other${PATH}`)).status, 404);
});
