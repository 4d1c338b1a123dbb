// The contract's words, byte for byte: what a mutation run found unasked. That Rust says the same is asked in tests/common.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";
import { CONTRACT, EXAMPLE } from "./golden.mjs";
import { script, shippedModel } from "./package.mjs";

const PATH = "/katana-ml/api/v1.0/diabetes";
const DESCRIPTION_PATH = "/katana-ml/api/v1.0/openapi.json";
const LONGEST = 65_536;
const ORIGIN = ["access-control-allow-origin", "*"];
const GOOD = JSON.stringify({ data: EXAMPLE });

let model;
let rest;
let handleWith;
before(async () => {
  [model, rest, { handleWith }] = [await shippedModel(), await script("rest.js"), await script("handle.js")];
});

const ask = (more) => rest.answer(model, { method: "POST", path: PATH, contentType: "application/json", body: GOOD, ...more }, CONTRACT);

/** What a problem of these words is. */
function problem(status, title, detail, more = []) {
  const body = JSON.stringify({ type: "about:blank", title, status, detail });
  return { status, headers: [ORIGIN, ["content-type", "application/problem+json"], ...more], body };
}

test("what is wrong with a request is said in these words", () => {
  assert.deepEqual(ask({ path: "/" }), problem(404, "Not Found", `there is nothing here; ask POST ${PATH}`));
  assert.deepEqual(ask({ method: "PUT" }), problem(405, "Method Not Allowed", "only POST is answered here", [["allow", "OPTIONS, POST"]]));
  assert.deepEqual(ask({ method: "PUT", path: DESCRIPTION_PATH }), problem(405, "Method Not Allowed", "only GET is answered here", [["allow", "GET, HEAD, OPTIONS"]]));
  const other = problem(415, "Unsupported Media Type", "the body must be application/json");
  for (const contentType of ["text/plain", undefined, "", "application/jsonx", "text/x+json", "+json", "application/xml", "json"]) {
    assert.deepEqual(ask({ contentType }), other, contentType);
  }
  for (const contentType of [" application/json ", "application/json ;charset=utf-8", "APPLICATION/PROBLEM+JSON"]) {
    assert.equal(ask({ contentType }).status, 200, contentType);
  }
  assert.deepEqual(ask({ body: undefined }), problem(400, "Bad Request", "the body is not JSON"));
  assert.deepEqual(ask({ body: Uint8Array.of(0x22, 0xff, 0x22) }), problem(400, "Bad Request", "the body is not JSON"));
  // Flask reads UTF-16 and UTF-32 too: docs/CONTRACT.md.
  assert.deepEqual(ask({ body: new Uint8Array(Buffer.from(GOOD, "utf16le")) }), problem(400, "Bad Request", "the body is not JSON"));
  assert.equal(ask({ body: new Uint8Array(Buffer.from(`\ufeff${GOOD}`)) }).status, 200);
});

test("an answer is JSON, and a preflight says what may be asked", () => {
  assert.deepEqual(ask({}), { status: 200, headers: [ORIGIN, ["content-type", "application/json"]], body: '{"prediction":0.10455212}' });
  assert.deepEqual(ask({ method: "OPTIONS" }), {
    status: 204,
    headers: [ORIGIN, ["access-control-allow-methods", "OPTIONS, POST"], ["access-control-allow-headers", "content-type"], ["access-control-max-age", "86400"]],
    body: "",
  });
  // What flask-cors 6.0 answers: names as they are asked for, in order.
  for (const [requestedHeaders, allowed] of [["authorization", "authorization"], ["x-b,  X-A ,content-type", "X-A, content-type, x-b"], ["", "content-type"]]) {
    assert.deepEqual(ask({ method: "OPTIONS", requestedHeaders }).headers[2], ["access-control-allow-headers", allowed]);
  }
  const several = { predictValue: () => [0.25, Math.fround(0.1), 1] };
  assert.equal(rest.answer(several, { method: "POST", path: PATH, contentType: "application/json", body: '{"data":""}' }, CONTRACT).body, '{"prediction":[0.25,0.1,1.0]}');
});

test("an array of rows is answered with as many predictions", async () => {
  const other = "6,148,72,35,0,33.6,0.627,50";
  const single = (data) => ask({ body: JSON.stringify({ data }) }, CONTRACT).body.replace('{"prediction":', "").replace("}", "");
  const many = (data) => ask({ body: JSON.stringify({ data }) });
  assert.deepEqual(many([EXAMPLE, other]), { ...ask({}), body: `{"predictions":[${single(EXAMPLE)},${single(other)}]}` });
  const bad = { title: "Bad Request", status: 400, code: "not_a_number", field: "glucose" };
  const told = many([EXAMPLE, EXAMPLE.replace("106", "high")]);
  assert.deepEqual([told.status, JSON.parse(told.body)], [400, { type: "about:blank", detail: 'row 2, glucose: "high" is not a number', ...bad }]);
  assert.equal(JSON.parse(many([EXAMPLE, ""]).body).detail, "row 2: no values given; 8 are needed");
  for (const data of [[], [1], [EXAMPLE, 1], [[EXAMPLE]], { 0: EXAMPLE }, 7, true]) {
    assert.deepEqual(many(data), problem(400, "Bad Request", '"data" is not a string of comma-separated values'));
  }
  const { Model } = await script("wardian.js");
  const classes = new Model(readFileSync(new URL("../golden/classes.wardian", import.meta.url)));
  const rows = readFileSync(new URL("../golden/classes.rows.csv", import.meta.url), "utf8").split("\n").slice(0, 3);
  const answer = (data) => rest.answer(classes, { method: "POST", path: PATH, contentType: "application/json", body: JSON.stringify({ data }) }, CONTRACT).body;
  assert.deepEqual(JSON.parse(answer(rows)).predictions, rows.map((row) => JSON.parse(answer(row)).prediction));
});

test("a preflight is told of the headers that it asks for, by the handler and by the server", async () => {
  const asking = { method: "OPTIONS", headers: { origin: "https://elsewhere.example", "access-control-request-method": "POST", "access-control-request-headers": "authorization,content-type" } };
  const { address, close } = await (await script("serve.js")).serve(model, CONTRACT, { port: 0, host: "127.0.0.1" });
  try {
    for (const response of [await handleWith(model, new Request(`http://localhost${PATH}`, asking), CONTRACT), await fetch(address + PATH, asking)]) {
      assert.deepEqual([response.status, response.headers.get("access-control-allow-headers")], [204, "authorization, content-type"]);
    }
  } finally {
    close();
  }
});

test("a body is as long as its bytes", () => {
  const tooLong = problem(413, "Content Too Large", `the body is longer than the ${LONGEST} bytes that are read`);
  const longest = GOOD.padEnd(LONGEST);
  const bytes = (text) => new TextEncoder().encode(text);
  for (const body of [longest, bytes(longest)]) {
    assert.equal(ask({ body }).status, 200);
  }
  // Of two bytes each, fewer characters than are read.
  for (const body of [`${longest} `, bytes(`${longest} `), "é".repeat(LONGEST / 2 + 1), bytes("é".repeat(LONGEST / 2 + 1))]) {
    assert.deepEqual(ask({ body }), tooLong);
  }
});

test("numbers are written as Python writes them at the ends, too", () => {
  for (const [value, text] of [
    [Infinity, "inf"], [-Infinity, "-inf"], [NaN, "nan"], [0, "0.0"], [-0, "-0.0"], [1, "1.0"], [-2.5, "-2.5"], [1.1e-4, "0.00011"],
    // The nearest 32-bit float lies below 1e-4.
    [1e-4, "1e-04"], [1e15, "1000000000000000.0"], [1e16, "1e+16"], [1e17, "1e+17"], [1e30, "1e+30"], [1e-45, "1e-45"],
  ]) {
    assert.equal(rest.decimal(Math.fround(value)), text);
  }
});

const request = (body, more) => new Request(`http://localhost${PATH}`, { method: "POST", headers: { "content-type": "application/json" }, body, duplex: "half", ...more });

test("a handler reads bodies of no bytes, of many parts and of none, and as much as the contract does", async () => {
  const parts = async (given) => {
    const response = await handleWith(model, given, CONTRACT);
    return [response.status, JSON.parse(await response.text()).detail];
  };
  const stream = (...chunks) =>
    new ReadableStream({
      start(controller) {
        chunks.forEach((chunk) => controller.enqueue(new TextEncoder().encode(chunk)));
        controller.close();
      },
    });
  assert.deepEqual(await parts(request(null)), [400, "the body is not JSON"]);
  assert.deepEqual(await parts(request(stream())), [400, "the body is not JSON"]);
  assert.deepEqual(await parts(request(stream(GOOD.slice(0, 9), GOOD.slice(9, 20), GOOD.slice(20)))), [200, undefined]);
  assert.deepEqual(await parts(request(GOOD.padEnd(LONGEST))), [200, undefined]);
  assert.deepEqual(await parts(request(stream(GOOD, " ".repeat(LONGEST - GOOD.length)))), [200, undefined]);
  const long = `the body is longer than the ${LONGEST} bytes that are read`;
  assert.deepEqual(await parts(request(stream(GOOD, " ".repeat(LONGEST - GOOD.length), " "))), [413, long]);
  const broken = new ReadableStream({ pull: (controller) => controller.error(new Error("gone")) });
  assert.deepEqual(await parts(request(broken)), [400, "the body is not JSON"]);
  // What the client says is too long is not waited for; Firefox gives no stream of a request.
  const headers = new Headers({ "content-type": "application/json", "content-length": String(LONGEST + 1) });
  const never = new ReadableStream({ pull: () => new Promise(() => {}) });
  assert.deepEqual(await parts({ url: `http://localhost${PATH}`, method: "POST", headers, body: never }), [413, long]);
  const whole = { url: `http://localhost${PATH}`, method: "POST", headers: new Headers({ "content-type": "application/json" }), body: undefined };
  assert.deepEqual(await parts({ ...whole, arrayBuffer: async () => new TextEncoder().encode(GOOD).buffer }), [200, undefined]);
});

test("a handler below a path answers nothing beside it", async () => {
  const at = (path, base) => handleWith(model, new Request(`http://localhost${path}`, { method: "GET" }), CONTRACT, base).then(({ status }) => status);
  assert.equal(await at(`/app${DESCRIPTION_PATH}`, "/app"), 200);
  assert.equal(await at(DESCRIPTION_PATH, "/app"), 200);
  assert.equal(await at(`/apple${DESCRIPTION_PATH}`, "/app"), 404);
  assert.equal(await at(DESCRIPTION_PATH), 200);
});
