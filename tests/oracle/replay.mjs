// Sends every body of a corpus to the reference service and to each of our ways to answer, and compares status and body. Then
// the requests that they answer differently, on purpose: DIFFERENCES.
//
//   node tests/oracle/replay.mjs SERVICE-URL CORPUS PAGE-FOLDER PACKAGE-FOLDER
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { startService } from "../e2e/package.mjs";
import { pureWay, handleWay, workerWay } from "./ways.mjs";
import { DIFFERENCES } from "./differences.mjs";

const [service, corpus, page, packed] = process.argv.slice(2);
const PATH = "/katana-ml/api/v1.0/diabetes";

/** A way to ask an address. */
const fetched = (origin) => async ({ method = "POST", path = PATH, contentType = "application/json", body }) => {
  const response = await fetch(origin + path, { method, headers: { "content-type": contentType }, body });
  return { status: response.status, body: await response.text(), type: response.headers.get("content-type") };
};

const served = await startService();
const inWorker = await workerWay(page);
const ways = {
  "the page's answer": await pureWay(page),
  "the package's handle in Node": await handleWay(packed),
  "wardian serve": fetched(served.origin),
  "the page's service worker, offline": inWorker.ask,
};
const theirs = fetched(service);
const bodies = (await readFile(corpus, "utf8")).trimEnd().split("\n");
try {
  const different = [];
  for (const body of bodies) {
    const expected = await theirs({ body });
    for (const [way, ask] of Object.entries(ways)) {
      const { status, body: text } = await ask({ body });
      if (status !== expected.status || text !== expected.body) {
        different.push({ way, request: body, expected, got: { status, body: text } });
      }
    }
  }
  console.log(`${bodies.length} requests replayed in ${Object.keys(ways).length} ways (${Object.keys(ways).join(", ")}): ${different.length} answers differ from Flask's`);
  assert.deepEqual(different.slice(0, 5), []);
  assert.ok(bodies.length >= 1000);

  for (const { what, request, flask, ours } of DIFFERENCES) {
    const answer = await theirs(request);
    assert.deepEqual([answer.status, answer.type], [flask, "text/html; charset=utf-8"], `Flask: ${what}`);
    for (const [way, ask] of Object.entries(ways)) {
      const { status, body } = await ask(request);
      assert.equal(status, ours, `${way}: ${what}`);
      if (ours >= 400) {
        assert.equal(JSON.parse(body).status, ours, `${way}: ${what}`);
      }
    }
  }
  console.log(`${DIFFERENCES.length} requests are answered otherwise than by Flask, each as is documented`);
} finally {
  await inWorker.close();
  await served.end();
}
