// The packed package in fresh consumers. Each asserts the example's prediction, bit for bit.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { EXAMPLE, example } from "../e2e/golden.mjs";
import { cleanUp, consumer, modulesIn, pack, run, tool } from "./consumer.mjs";
import { EVERYTHING, OTHER, PREDICTING } from "./report.mjs";
import { BUNDLERS, MAIN, askAll, inBrowser, inWorkerd, sizeOf } from "./runtimes.mjs";

/** The most bytes after gzip that the default entry may add to an application that predicts, the model included. */
const BUDGET = 18 * 1024;
/** What a browser without a bundler fetches of the default entry: any trainer's models, explaining, the contract, the card and a pool as well. */
const EVERYTHING_BUDGET = 104_000;

let packed;
before(async () => {
  packed = await pack();
});
after(cleanUp);

/** Asserts what a consumer reports. */
function check(report, { pooled = null } = {}) {
  const { margin, sum, features, other, ...rest } = typeof report === "string" ? JSON.parse(report) : report;
  assert.deepEqual({ ...other, sums: OTHER.sums }, OTHER);
  other.sums.forEach((sum, output) => assert.ok(Math.abs(sum - OTHER.sums[output]) < 1e-12, `${sum} is not ${OTHER.sums[output]}`));
  assert.deepEqual(rest, {
    prediction: example.probability,
    many: [example.probability],
    explained: example.probability,
    body: '{"prediction":0.10455212}',
    statuses: [200, 400],
    own: example.probability,
    error: { name: "WardianError", code: "unknown_field", field: "glucos" },
    pooled,
  });
  assert.ok(Math.abs(margin - sum) < 1e-12, `${margin} is not ${sum}`);
  assert.equal(features.length, 8);
}

const withPool = { pooled: example.probability };
const PRINTING = 'import { report } from "./report.js"; console.log(JSON.stringify(await report(true)));';

test("Node, import", async () => {
  const place = await consumer("node-esm", { "report.js": EVERYTHING, "main.js": PRINTING });
  check(await run("node", ["main.js"], { cwd: place }), withPool);
});

test("Node, require", async () => {
  const common = EVERYTHING.replace(/import (\{.*\}) from "wardian";/, 'const $1 = require("wardian");').replace("export ", "");
  const main = `${common}\nreport(true).then((all) => console.log(JSON.stringify(all)));`;
  const place = await consumer("node-cjs", { "main.js": main }, { type: "commonjs" });
  check(await run("node", ["main.js"], { cwd: place }), withPool);
});

test("Node: a workbook and JSON lines, with import and with require; a browser finds the modules beside the script", async () => {
  const [book, lines] = ["several.xlsx", "rows.jsonl"].map((name) => readFileSync(new URL(`../cases/workbooks/${name}`, import.meta.url)).toString("base64"));
  const body = `
    const text = async (base64, options) => {
      let all = "";
      const { chunks } = await asCsv(new Blob([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))]).stream(), options);
      for await (const chunk of chunks) all += new TextDecoder().decode(chunk);
      return all;
    };
    const asked = async () => [await text("${book}", { sheet: "Rows" }), await text("${lines}")];`;
  const place = await consumer("sheets", {
    "main.js": `import { asCsv } from "wardian/sheets"; ${body} console.log(JSON.stringify(await asked()));`,
    "main.cjs": `const { asCsv } = require("wardian/sheets"); ${body} asked().then((all) => console.log(JSON.stringify(all)));`,
    "browser.js": `import { asCsv } from "./node_modules/wardian/sheets.js"; ${body} globalThis.report = asked;`,
  });
  const printed = await Promise.all(["main.js", "main.cjs"].map((name) => run("node", [name], { cwd: place })));
  const { result } = await inBrowser(place, '<script type="module" src="/browser.js"></script>', askAll);
  const answers = [...printed.map((text) => JSON.parse(text)), result];
  for (const [ofBook, ofLines] of answers) {
    assert.equal(ofBook, ofLines);
    assert.match(ofBook, /^times_pregnant,.*\n1,106,70,28,135,34\.2,0\.142,22\n/);
  }
});

test("Node: slim, fetch and convert, with import and with require", async () => {
  const body = `
    const module = readFileSync(PLACE("wardian/wardian.wasm"));
    for (const source of [new WebAssembly.Module(module), module, new Response(module, { headers: { "content-type": "application/wasm" } })]) {
      await slim.load(source);
    }
    await slim.loadExplainer(readFileSync(PLACE("wardian/explain.wasm")));
    const { prediction } = slim.explain("${EXAMPLE}");
    const response = await server.fetch(new Request("http://localhost/katana-ml/api/v1.0/openapi.json"));
    const shipped = new slim.Model(readFileSync(PLACE("wardian/diabetes.wardian")));
    const converted = await convert(shipped.bytes);
    console.log(JSON.stringify([slim.predict("${EXAMPLE}").prediction, prediction, response.status, shipped.predict("${EXAMPLE}").prediction, converted.length === shipped.bytes.length]));`;
  const esm = `import { readFileSync } from "node:fs"; import { createRequire } from "node:module";
    import * as slim from "wardian/slim"; import server from "wardian/fetch"; import { convert } from "wardian/convert";
    const PLACE = createRequire(import.meta.url).resolve;${body}`;
  const cjs = `const { readFileSync } = require("node:fs"); const slim = require("wardian/slim");
    const { default: server } = require("wardian/fetch"); const { convert } = require("wardian/convert");
    const PLACE = require.resolve; (async () => {${body}})();`;
  const place = await consumer("node-others", { "main.mjs": esm, "main.cjs": cjs });
  for (const main of ["main.mjs", "main.cjs"]) {
    assert.deepEqual(JSON.parse(await run("node", [main], { cwd: place })), [example.probability, example.probability, 200, example.probability, true], main);
  }
});

for (const [resolution, module] of [["bundler", "esnext"], ["node16", "node16"], ["nodenext", "nodenext"]]) {
  test(`TypeScript, moduleResolution ${resolution}`, async () => {
    // Types as they are: no `any` may hide one that is not found.
    const source = EVERYTHING.replace("withPool = false", "withPool: boolean = false")
      .replace("post = (body)", "post = (body: string)")
      .replace("pooled = null", "pooled: number | undefined | null = null")
      .replace("let error;", "let error: unknown;")
      .replace("predict({ glucos: 1 });", "// @ts-expect-error: no such feature\n    predict({ glucos: 1 });")
      .replace("catch ({ name, code, field }) {", "catch (thrown) {\n    const { name, code, field } = thrown as WardianError;")
      .replace("import {", "import { type WardianError,");
    const files = { "report.ts": source, "main.ts": PRINTING };
    if (resolution !== "bundler") {
      files["required.cts"] = 'import wardian = require("wardian"); const risk: number = wardian.predict("1").prediction; console.log(risk);';
    }
    const place = await consumer(`ts-${resolution}`, files);
    const strict = ["--strict", "--noEmitOnError", "--target", "es2022", "--lib", "es2022,dom"];
    await run(tool("tsc"), [...strict, "--module", module, "--moduleResolution", resolution, ...Object.keys(files)], { cwd: place });
    check(await run("node", ["main.js"], { cwd: place }), withPool);
  });
}

for (const [name, bundle] of Object.entries(BUNDLERS)) {
  test(`${name}: builds, runs in a browser, has each module once, and of what is unused nothing`, async (context) => {
    const place = await consumer(name, { "report.js": EVERYTHING, "all.js": MAIN, "predicting.js": PREDICTING, "working.js": 'import "wardian/worker.js";' });
    await bundle(place, "all", "all");
    // Two bundlers know a worker when they see one; the others' users name it as an entry.
    if (name === "esbuild" || name === "rollup") {
      await bundle(place, "working", "all", "worker");
    }
    const { result } = await inBrowser(place, '<script type="module" src="/all/main.js"></script>', askAll, true);
    check(result, withPool);
    assert.equal(await modulesIn(path.join(place, "all")), 3, "the modules that predict, the shipped model and any, and the one that explains");

    await bundle(place, "predicting", "predicting");
    const less = await inBrowser(place, '<script type="module" src="/predicting/main.js"></script>', askAll);
    assert.equal(less.result, example.probability);
    assert.equal(await modulesIn(path.join(place, "predicting")), 1);
    const size = await sizeOf(path.join(place, "predicting"));
    context.diagnostic(`import { predict }: ${size} bytes after gzip`);
    assert.ok(size <= BUDGET, `import { predict } costs ${size} bytes after gzip; the budget is ${BUDGET}`);
  });
}

const PLAIN = "/node_modules/wardian/index.js";

test("a plain script module in a browser, with a pool", async (context) => {
  const place = await consumer("plain", { "report.js": EVERYTHING, "main.js": MAIN });
  const map = `<script type="importmap">{"imports":{"wardian":"${PLAIN}"}}</script><script type="module" src="/main.js"></script>`;
  const { result, fetched } = await inBrowser(place, map, askAll, true);
  check(result, withPool);
  await checkFetched(context, place, fetched, EVERYTHING_BUDGET);
  const less = `<script type="module">import { predict } from "/node_modules/wardian/predict.js"; globalThis.report = () => predict("${EXAMPLE}").prediction;</script>`;
  const predicting = await inBrowser(place, less, askAll);
  assert.equal(predicting.result, example.probability);
  await checkFetched(context, place, predicting.fetched, BUDGET);
});

async function checkFetched(context, place, fetched, budget) {
  const scripts = [...new Set(fetched.filter((name) => name.startsWith("/node_modules/")))];
  const sizes = await Promise.all(scripts.map(async (name) => gzipSync(await readFile(path.join(place, name)), { level: 9 }).length));
  const size = sizes.reduce((sum, each) => sum + each, 0);
  context.diagnostic(`without a bundler: ${scripts.length} scripts, ${size} bytes after gzip`);
  assert.ok(size <= budget, `${size} bytes are fetched; the budget is ${budget}`);
}

test("a web worker in a browser", async () => {
  const source = `import { report } from "./report.js"; report().then((all) => postMessage(all));`;
  const place = await consumer("web-worker", { "report.js": EVERYTHING.replace('"wardian"', `"${PLAIN}"`), "worker.js": source });
  const html = `<script type="module">globalThis.report = () => new Promise((resolve, reject) => {
    const worker = new Worker("/worker.js", { type: "module" });
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
  });</script>`;
  check((await inBrowser(place, html, askAll)).result);
});

test("a service worker in a browser", async () => {
  const worker = `import { handle } from "${PLAIN}";
    addEventListener("install", () => skipWaiting());
    addEventListener("activate", (event) => event.waitUntil(clients.claim()));
    addEventListener("fetch", (event) => new URL(event.request.url).pathname.startsWith("/katana-ml/") && event.respondWith(handle(event.request)));`;
  const place = await consumer("service-worker", { "service.js": worker });
  const html = `<script type="module">
    await navigator.serviceWorker.register("/service.js", { type: "module" });
    await navigator.serviceWorker.ready;
    globalThis.report = async () => {
      if (!navigator.serviceWorker.controller) await new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", resolve));
      const ask = async (path, options) => { const response = await fetch(path, options); return [response.status, await response.text()]; };
      const headers = { "content-type": "application/json" };
      return [
        await ask("/katana-ml/api/v1.0/diabetes", { method: "POST", headers, body: '{"data":"${EXAMPLE}"}' }),
        (await ask("/katana-ml/api/v1.0/diabetes", { method: "POST", headers, body: " ".repeat(70000) }))[0],
        (await ask("/katana-ml/api/v1.0/openapi.json"))[0],
      ];
    };</script>`;
  assert.deepEqual((await inBrowser(place, html, askAll)).result, [[200, '{"prediction":0.10455212}'], 413, 200]);
});

test("Deno", async () => {
  const place = await consumer("deno", { "report.js": EVERYTHING, "main.js": PRINTING });
  const words = ["run", "--no-remote", "--allow-read", "--allow-env", "--node-modules-dir=manual", "main.js"];
  check(await run(tool("deno"), words, { cwd: place }), withPool);
});

test("Bun", async () => {
  const place = await consumer("bun", { "report.js": EVERYTHING, "main.js": PRINTING });
  check(await run(tool("bun"), ["main.js"], { cwd: place }), withPool);
});

test("workerd, of today's and of an older compatibility date", async () => {
  const source = `import { report } from "./report.js"; import server from "wardian/fetch";
    export default { fetch: async (request) => new URL(request.url).pathname === "/report" ? Response.json(await report()) : server.fetch(request) };`;
  const place = await consumer("workerd", { "report.js": EVERYTHING, "main.js": source });
  await run(tool("esbuild"), ["main.js", "--bundle", "--format=esm", "--conditions=workerd", "--external:*.wasm", "--outfile=worker.js"], { cwd: place });
  for (const date of ["2024-01-01", "2026-11-01"]) {
    await inWorkerd(place, "wardian", ["wardian", "shipped", "explain"], date, async (origin) => {
      const answer = await fetch(`${origin}/report`);
      assert.equal(answer.status, 200);
      check(await answer.json());
      const headers = { "content-type": "application/json" };
      const response = await fetch(`${origin}/katana-ml/api/v1.0/diabetes`, { method: "POST", headers, body: JSON.stringify({ data: EXAMPLE }) });
      assert.deepEqual([response.status, await response.text()], [200, '{"prediction":0.10455212}']);
    });
  }
});

test("the tarball has what its users need, and nothing else", () => {
  const unwanted = packed.files.filter((name) => !/^(bin|csv|files|serve|sealing)\.js$|^columns\.json$|^(README\.md|LICENSE-(MIT|APACHE)|THIRD-PARTY\.md|package\.json)$|^[a-z-]+(\.workerd|\.text)?\.(js|cjs|wasm|d\.ts|d\.cts)$|^diabetes\.wardian$|^(convert|measuring|seal)_bg\.wasm$|^wardian\.shell$/.test(name));
  assert.deepEqual(unwanted, []);
  for (const absent of ["card.js", "engine_bg.wasm", "explain_bg.wasm", "inside.slim.js"]) {
    assert.ok(!packed.files.includes(absent), absent);
  }
});

test("publint and attw find nothing", async () => {
  assert.match(await run(tool("publint"), ["--strict", packed.tarball]), /All good!/);
  // What is no script has no types; `node10` is what engines before Node 12 and TypeScript before 4.7 resolve by.
  const assets = ["./worker.js", "./wardian.wasm", "./shipped.wasm", "./explain.wasm", "./rows.wasm", "./sheets.wasm", "./lines.wasm", "./columns.json", "./diabetes.wardian"];
  const words = [packed.tarball, "--profile", "node16", "--exclude-entrypoints", ...assets, "--format", "ascii"];
  // It fails where it finds a problem.
  assert.match(await run(tool("attw"), words), /"wardian\/convert"/);
});
