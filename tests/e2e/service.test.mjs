// The REST contract as a fetch handler and on a port: what they answer is what `answer` answers, whatever is asked.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Validator } from "@seriousme/openapi-schema-validator";
import Ajv2020 from "ajv/dist/2020.js";
import { CONTRACT, example, golden } from "./golden.mjs";
import { hostileRequests } from "./hostile.mjs";
import { script, shippedModel, startService } from "./package.mjs";

const PATH = "/katana-ml/api/v1.0/diabetes";
const DESCRIPTION_PATH = "/katana-ml/api/v1.0/openapi.json";
const DESCRIPTION = readFileSync(new URL("../../models/diabetes/openapi.json", import.meta.url), "utf8");
const EXAMPLE_BODY = JSON.stringify({ data: example.data });
const HOSTILE = 10_000;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");

let model;
let rest;
let handle;
let service;
before(async () => {
  [model, rest, service] = await Promise.all([shippedModel(), script("rest.js"), startService()]);
  const { handleWith } = await script("handle.js");
  handle = (request) => handleWith(model, request, CONTRACT);
});
after(() => service.end());

/** The parts of a response that the contract is about. */
const parts = async (response) => ({
  status: response.status,
  headers: ["access-control-allow-headers", "access-control-allow-methods", "access-control-allow-origin", "access-control-max-age", "allow", "content-type"]
    .map((name) => [name, response.headers.get(name)])
    .filter(([, value]) => value !== null),
  body: await response.text(),
});
const sorted = ({ status, headers, body }) => ({ status, headers: headers.toSorted(), body });

/** What every way to ask answers, which must be the same. */
async function ask({ method = "POST", path = PATH, contentType = "application/json", body }) {
  const headers = contentType === null ? {} : { "content-type": contentType };
  // Their constructor takes no body for these, and gives a text a type of its own.
  const sent = method === "GET" || method === "HEAD" || body === undefined ? {} : { body: typeof body === "string" ? new TextEncoder().encode(body) : body };
  const init = { method, headers, ...sent };
  const pure = sorted(rest.answer(model, { method, path, contentType, body: sent.body ?? "" }, CONTRACT));
  const [handled, served] = await Promise.all([
    handle(new Request(`http://localhost${path}`, init)).then(parts),
    fetch(service.origin + path, init).then(parts),
  ]);
  if (method === "HEAD") {
    pure.body = "";
  }
  assert.deepEqual(handled, pure, `handle: ${method} ${path} ${body}`);
  assert.deepEqual(served, pure, `serve: ${method} ${path} ${body}`);
  return pure;
}

test("handle and serve answer every row of the data, bit for bit", async () => {
  assert.equal(golden.length, 768);
  for (const { data, probability } of golden) {
    const { status, body } = await ask({ body: JSON.stringify({ data }) });
    assert.deepEqual([status, Math.fround(JSON.parse(body).prediction)], [200, probability], data);
  }
});

test("the contract's description is valid OpenAPI, and describes what is answered", async () => {
  const described = JSON.parse(DESCRIPTION);
  const { valid, errors } = await new Validator().validate(structuredClone(described));
  assert.deepEqual([valid, errors], [true, undefined]);
  assert.equal((await ask({ method: "GET", path: DESCRIPTION_PATH, contentType: null })).body, DESCRIPTION);
  assert.equal((await ask({ method: "HEAD", path: DESCRIPTION_PATH, contentType: null })).status, 200);

  const check = schemaOf(described);
  const [request] = Object.values(described.paths[PATH].post.requestBody.content["application/json"].examples);
  assert.equal((await ask({ body: JSON.stringify(request.value) })).status, 200);
  const [response] = Object.values(described.paths[PATH].post.responses[200].content["application/json"].examples);
  assert.deepEqual(response.value, JSON.parse((await ask({ body: EXAMPLE_BODY })).body));
  check("Request", request.value);
  check("Prediction", response.value);
  for (const wrong of [{ prediction: 2 }, { prediction: "0.5" }, {}]) {
    assert.throws(() => check("Prediction", wrong));
  }
  for (const [status, more] of [[400, { body: "{" }], [413, { body: " ".repeat(65_537) }], [415, { contentType: "text/plain", body: "1" }]]) {
    const { status: answered, body } = await ask(more);
    assert.equal(answered, status);
    assert.ok(described.paths[PATH].post.responses[status], `${status} is described`);
    check("Problem", JSON.parse(body));
  }
});

test("the description names the server it is asked of, below any path", () => {
  const { servers, paths } = JSON.parse(DESCRIPTION);
  for (const base of ["http://localhost:8080", "https://host.example/clinic/risk"]) {
    assert.equal(servers.length, 1);
    // A path is put behind the server's address, which is relative to the document's own.
    const server = new URL(servers[0].url, base + DESCRIPTION_PATH).href.replace(/\/$/, "");
    assert.deepEqual(Object.keys(paths).map((path) => server + path), [base + PATH, base + DESCRIPTION_PATH]);
  }
});

/** What checks a value against one of the description's schemas. */
function schemaOf(described) {
  const ajv = new Ajv2020({ strict: false }).addSchema(described, "openapi");
  return (name, value) => {
    const validate = ajv.getSchema(`openapi#/components/schemas/${name}`);
    assert.ok(validate(value), `${name}: ${ajv.errorsText(validate.errors)}`);
  };
}

test("every path and method has its answer", async () => {
  const statuses = [];
  for (const path of [PATH, DESCRIPTION_PATH, "/", "/katana-ml", `${PATH}/`, "//x", "/constructor", "/%2e%2e/x"]) {
    for (const method of ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
      statuses.push((await ask({ method, path, body: EXAMPLE_BODY })).status);
    }
  }
  assert.deepEqual(statuses.slice(0, 14), [405, 405, 200, 405, 405, 405, 204, 200, 200, 405, 405, 405, 405, 204]);
  assert.ok(statuses.slice(14).every((status) => status === 404));
});

test("a body is read in parts, and no further than the contract reads", async () => {
  const posted = (body) =>
    handle(new Request(`http://localhost${PATH}`, { method: "POST", headers: { "content-type": "application/json" }, body, duplex: "half" }));
  const bytes = new TextEncoder().encode(EXAMPLE_BODY);
  const byByte = new ReadableStream({
    start(stream) {
      bytes.forEach((byte) => stream.enqueue(Uint8Array.of(byte)));
      stream.close();
    },
  });
  assert.equal((await posted(byByte)).status, 200);

  let given = 0;
  let cancelled = false;
  const endless = new ReadableStream({
    pull(stream) {
      given += 1024;
      stream.enqueue(new Uint8Array(1024).fill(32));
    },
    cancel() {
      cancelled = true;
    },
  });
  assert.equal((await posted(endless)).status, 413);
  assert.ok(cancelled && given <= 70_000, `${given} bytes were read`);

  // 65,536 bytes are read and 65,537 are not, whether or not their number is said beforehand.
  const padded = (length) => EXAMPLE_BODY.padEnd(length);
  for (const [length, status] of [[65_536, 200], [65_537, 413]]) {
    assert.equal((await posted(padded(length))).status, status);
    assert.equal((await posted(new Blob([padded(length)]).stream())).status, status);
    assert.equal((await fetch(service.origin + PATH, { method: "POST", headers: { "content-type": "application/json" }, body: new Blob([padded(length)]).stream(), duplex: "half" })).status, status);
  }

  const broken = new ReadableStream({ pull: (stream) => stream.error(new Error("gone")) });
  for (const body of [Uint8Array.of(0x7b, 0xff, 0x7d), new Uint8Array(30_000).fill(0xff), broken]) {
    const response = await posted(body);
    assert.deepEqual([response.status, (await response.json()).detail], [400, "the body is not JSON"]);
  }
});

test(`${HOSTILE} malformed requests: the right status each, and no memory kept`, async (context) => {
  const check = schemaOf(JSON.parse(DESCRIPTION));
  const { serve } = await script("serve.js");
  const here = await serve(model, CONTRACT, { port: 0, host: "127.0.0.1" });
  context.after(() => here.close());
  const heap = async () => {
    // What ends connections and streams lets go of them a turn later.
    for (let turn = 0; turn < 5; turn += 1) {
      collect();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return process.memoryUsage().heapUsed;
  };
  const [warm, counts] = [HOSTILE / 2, new Map()];
  let [done, before] = [0, 0];
  for (const { status, method = "POST", path = PATH, contentType = "application/json", body } of hostileRequests(HOSTILE)) {
    const init = { method, headers: contentType === null ? {} : { "content-type": contentType }, body };
    // Every tenth one on the port as well: that is the slower way.
    const asked = [handle(new Request(`http://localhost${path}`, init)), ...(done % 10 === 0 ? [fetch(here.address + path, init)] : [])];
    for (const response of await Promise.all(asked)) {
      const text = await response.text();
      assert.equal(response.status, status, `${method} ${path} ${contentType} ${String(body).slice(0, 200)}: ${text}`);
      const problem = JSON.parse(text);
      check("Problem", problem);
      assert.equal(problem.status, status);
      assert.equal(response.headers.get("access-control-allow-origin"), "*");
    }
    counts.set(status, (counts.get(status) ?? 0) + 1);
    done += 1;
    if (done === warm) {
      before = await heap();
    }
  }
  const grown = (await heap()) - before;
  assert.equal(done, HOSTILE);
  assert.deepEqual([...counts.keys()].sort(), [400, 404, 405, 413, 415]);
  // 160 bytes kept of each of the second half would be 0.8 MB.
  assert.ok(grown < 800_000, `the heap grew by ${grown} bytes`);
  // And after all that, the right answer.
  assert.equal(await (await handle(new Request(`http://localhost${PATH}`, { method: "POST", headers: { "content-type": "application/json" }, body: EXAMPLE_BODY }))).text(), `{"prediction":${rest.decimal(example.probability)}}`);
});

/** What a server says to these bytes on a connection of their own. */
const sentRaw = (bytes) =>
  new Promise((resolve) => {
    const { hostname, port } = new URL(service.origin);
    const socket = connect(Number(port), hostname, () => socket.end(bytes));
    let heard = "";
    socket.setEncoding("latin1").on("data", (text) => {
      heard += text;
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(heard));
  });

test("what is no HTTP is refused, and the service goes on", async () => {
  for (const [bytes, status] of [
    ["hello\r\n\r\n", 400],
    [`POST ${PATH} HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n`, 400],
    [`POST ${PATH} HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n`, 400],
    [`GET / HTTP/1.1\r\nhost: x\r\nx: ${"y".repeat(20_000)}\r\n\r\n`, 431],
    [`GET http://other/ HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`, 404],
    [`OPTIONS * HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`, 404],
    [`GET ${DESCRIPTION_PATH} HTTP/1.0\r\n\r\n`, 200],
  ]) {
    assert.equal(Number((await sentRaw(bytes)).split(" ")[1]), status, bytes.slice(0, 80));
  }
  // A client that goes away in the middle, and one that says nothing.
  await sentRaw(`POST ${PATH} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{`);
  await sentRaw("");
  assert.equal((await ask({ body: EXAMPLE_BODY })).status, 200);
});

test("a service ends when it is told to", async () => {
  const { origin, end } = await startService();
  assert.equal((await fetch(origin + DESCRIPTION_PATH)).status, 200);
  assert.deepEqual(await end(), { code: 0, signal: null });
});
