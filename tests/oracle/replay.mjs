// Sends every body of a corpus to the reference service and to our module, and compares status and body.
//
//   node tests/oracle/replay.mjs SERVICE-URL CORPUS PAGE-FOLDER
import { readFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [service, corpus, page] = process.argv.slice(2);
const PATH = "/katana-ml/api/v1.0/diabetes";

const { answer } = await import(pathToFileURL(path.resolve(page, "rest.js")));
const { loadSync, shippedModel } = await import(pathToFileURL(path.resolve(page, "wardian.js")));
loadSync(await readFile(path.join(page, "engine_bg.wasm")));

const bodies = (await readFile(corpus, "utf8")).trimEnd().split("\n");
const headers = { "content-type": "application/json" };
const different = [];
for (const body of bodies) {
  const response = await fetch(service + PATH, { method: "POST", headers, body });
  const theirs = { status: response.status, body: await response.text() };
  const { status, body: text } = answer(shippedModel(), { method: "POST", path: PATH, contentType: headers["content-type"], body });
  if (status !== theirs.status || text !== theirs.body) {
    different.push({ request: body, theirs, ours: { status, body: text } });
  }
}
console.log(
  `${bodies.length} requests replayed: ${bodies.length - different.length} identical, ${different.length} different`,
);
for (const difference of different.slice(0, 5)) {
  console.error(JSON.stringify(difference));
}
process.exitCode = different.length === 0 && bodies.length >= 1000 ? 0 : 1;
