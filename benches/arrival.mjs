// How long a visitor waits: from navigating to the page to the first prediction on it, in Chromium with nothing cached,
// beside a page that does no more than run the same model with onnxruntime-web. Run by `cargo xtask bench`.
//
//   node benches/arrival.mjs PAGE-FOLDER DIABETES-ONNX DOCUMENT
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { cpus } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";

const [page, model, document] = process.argv.slice(2).map((argument) => path.resolve(argument));
const here = fileURLToPath(new URL(".", import.meta.url));
const { chromium } = await import(pathToFileURL(path.join(here, "../tests/e2e/node_modules/playwright-core/index.mjs")));
const { LAUNCH } = await import("../tests/e2e/browser.mjs");
const { example } = await import("../tests/e2e/golden.mjs");
const { NAMES } = await import("../tests/e2e/module-cases.mjs");

const TIMES = 9;
/** How long a fresh browser is left alone before it navigates, in milliseconds: its own start is nobody's. */
const SETTLED = 500;
const TYPES = { ".html": "text/html; charset=utf-8", ".mjs": "text/javascript", ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".svg": "image/svg+xml", ".png": "image/png", ".wasm": "application/wasm", ".webmanifest": "application/manifest+json" };
/** As Lighthouse's "slow 4G": 150 ms there and back, 1.6 Mbit/s down, 750 kbit/s up. */
const NETWORKS = {
  "this machine": undefined,
  "slow 4G": { offline: false, latency: 150, downloadThroughput: (1.6e6 / 8), uploadThroughput: 750e3 / 8 },
};

/** The model that the converter made has an input of its own name; the zeros that mean "not measured" are missing to it. */
const PEER = `<!doctype html><title>onnxruntime-web</title><p id="detail"></p><script type="module">
import * as ort from "./ort/ort.wasm.min.mjs";
ort.env.wasm.numThreads = 1;
const session = await ort.InferenceSession.create("./diabetes.onnx", { executionProviders: ["wasm"] });
const output = session.outputNames.at(-1);
const input = new ort.Tensor("float32", Float32Array.from([${example.data}]), [1, 8]);
const { data } = (await session.run({ [session.inputNames[0]]: input }, [output]))[output];
document.getElementById("detail").textContent = data.at(-1).toFixed(3);
</script>`;

const file = (folder) => (name) => readFileSync(path.join(folder, name));
const ort = file(path.join(here, "node_modules/onnxruntime-web/dist"));
const CONTENDERS = {
  "Wardian, the whole page": {
    read: file(page),
    // A link with a person in it: the page answers without a hand.
    fragment: `#v=1&${example.data.split(",").map((value, index) => `${NAMES[index]}=${value}`).join("&")}`,
  },
  "onnxruntime-web 1.30, nothing but the number": {
    read: (name) => (name === "index.html" ? Buffer.from(PEER) : name === "diabetes.onnx" ? readFileSync(model) : ort(name.replace(/^ort\//, ""))),
    fragment: "",
  },
};

/** Serves what `read` gives, compressed as static hosts do, and counts the bytes. */
async function serve(read) {
  const packed = new Map();
  const sent = { bytes: 0 };
  const server = createServer((request, response) => {
    const name = decodeURIComponent(new URL(request.url, "http://localhost").pathname.slice(1)) || "index.html";
    try {
      if (!packed.has(name)) {
        packed.set(name, gzipSync(read(name)));
      }
      sent.bytes += packed.get(name).length;
      response.writeHead(200, { "content-type": TYPES[path.extname(name)] ?? "application/octet-stream", "content-encoding": "gzip" }).end(packed.get(name));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { url: `http://127.0.0.1:${server.address().port}/`, sent, close: () => server.close() };
}

/** The milliseconds from navigation until the example's probability stands on the page, and the bytes sent until then. */
async function arrival(browser, server, { fragment }, network) {
  const context = await browser.newContext({ locale: "en-GB" });
  const tab = await context.newPage();
  if (network !== undefined) {
    const session = await context.newCDPSession(tab);
    await session.send("Network.enable");
    await session.send("Network.emulateNetworkConditions", network);
  }
  await tab.addInitScript((wanted) => {
    new MutationObserver((_, observer) => {
      if (window.arrived === undefined && document.getElementById("detail")?.textContent.includes(wanted)) {
        window.arrived = performance.now();
        observer.disconnect();
      }
    }).observe(document, { childList: true, subtree: true, characterData: true });
  }, example.probability.toFixed(3));
  await tab.waitForTimeout(SETTLED);
  server.sent.bytes = 0;
  await tab.goto(server.url + fragment, { waitUntil: "commit" });
  await tab.waitForFunction(() => window.arrived !== undefined, undefined, { timeout: 120_000, polling: 20 });
  const { bytes } = server.sent;
  const time = await tab.evaluate(() => window.arrived);
  await context.close();
  return { time, bytes };
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const browser = await chromium.launch(LAUNCH);
const servers = Object.fromEntries(await Promise.all(Object.entries(CONTENDERS).map(async ([name, { read }]) => [name, await serve(read)])));
const results = {};
try {
  for (const [title, network] of Object.entries(NETWORKS)) {
    // On a network that is the bottleneck the machine's noise matters less, and each round takes the peer half a minute.
    for (let round = 0; round <= (network === undefined ? TIMES : 3); round += 1) {
      for (const [name, contender] of Object.entries(CONTENDERS)) {
        const found = await arrival(browser, servers[name], contender, network);
        // The first round is the machine's, not theirs.
        if (round > 0) {
          ((results[name] ??= {})[title] ??= []).push(found);
        }
      }
    }
  }
} finally {
  Object.values(servers).forEach((server) => server.close());
  await browser.close();
}

const times = (name, title) => median(results[name][title].map(({ time }) => time));
const [ours] = Object.keys(CONTENDERS);
const cell = (name, title) => `${times(name, title).toFixed(0)} (${(times(name, title) / times(ours, title)).toFixed(1)}×)`;
const bytesOf = (name) => Math.max(...results[name]["this machine"].map(({ bytes }) => bytes)).toLocaleString("en");
const rows = Object.keys(CONTENDERS).map((name) => `| ${name} | ${Object.keys(NETWORKS).map((title) => cell(name, title)).join(" | ")} | ${bytesOf(name)} |`);
writeFileSync(document, `# From navigating to the first prediction

Written by \`cargo xtask bench --page\` on ${new Date().toISOString().slice(0, 10)}: ${cpus()[0].model}, ${cpus().length} cores, Chromium ${browser.version()}.

A link with a person in its fragment is opened in a fresh context, with nothing cached, from a server on this machine that
compresses; the clock runs from the navigation until the probability stands in the document. Ours is the whole page: form, result,
texts. The peer's page has a paragraph for the number and nothing else, runs the same 150 trees (converted by
onnxmltools) in one thread, and writes the same three decimals. Medians of ${TIMES} visits in turn; of 3 with the network
slowed down by the browser as Lighthouse's "slow 4G" is (150 ms, 1.6 Mbit/s). Read the ratios.

| ms | ${Object.keys(NETWORKS).join(" | ")} | bytes sent until then |
|---|---:|---:|---:|
${rows.join("\n")}
`);
console.log(readFileSync(document, "utf8"));
