// What a page loads before it can answer: Wardian's, and what else runs a model in a browser without a server.
//
//   node benches/first-load/measure.mjs [PAGE.html FOLDER]
//
// Each is opened in Chromium, and every file that it loads is counted: as it is, and after `gzip -9`, as a static host sends it (what is packed already
// is not packed again). Its packages are installed from the npm registry; what it asks of anywhere else is taken from a package of the same
// version where there is one, and is otherwise refused and listed: so the others' numbers are the least that they load. Wardian's two are a model
// of 500 trees, sealed. Writes the table between the marks of docs/SIZE.md.
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { chromium } from "../../tests/e2e/node_modules/playwright-core/index.mjs";
import { LAUNCH } from "../../tests/e2e/browser.mjs";
import { TYPES } from "../../tests/e2e/serve.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const modules = path.join(here, "node_modules");
const report = fileURLToPath(new URL("../../docs/SIZE.md", import.meta.url));
const MARKS = ["<!-- first load -->", "<!-- /first load -->"];
/** After so long without a request nothing more is expected. */
const QUIET_MS = 15_000;
const PACKED = /\.(whl|zip|gz|woff2?|png)$/;
const MORE_TYPES = { ".mjs": "text/javascript; charset=utf-8", ".whl": "application/zip", ".zip": "application/zip" };

const [single, folder] = process.argv.slice(2).map((name) => path.resolve(name));
const versions = JSON.parse(await readFile(path.join(here, "package-lock.json"), "utf8")).packages;
const versionOf = (name) => versions[`node_modules/${name}`].version;
const pyodide = (name) => ({ address: new RegExp(`/pyodide/v${versionOf(name).replaceAll(".", "\\.")}/full/(.+)$`), root: path.join(modules, name) });

const CONTENDERS = [
  {
    name: `Gradio-Lite ${versionOf("@gradio/lite")}`,
    root: path.join(modules, "@gradio/lite/dist"),
    elsewhere: pyodide("pyodide-gradio"),
    page: `<!doctype html><link rel="stylesheet" href="lite.css"><script type="module" crossorigin src="lite.js"></script>
      <gradio-lite>\nimport gradio\ngradio.Interface(lambda x: x, "number", "number").launch()\n</gradio-lite>`,
  },
  {
    name: `stlite ${versionOf("@stlite/browser")}`,
    root: path.join(modules, "@stlite/browser/build"),
    elsewhere: pyodide("pyodide-stlite"),
    page: `<!doctype html><link rel="stylesheet" href="stlite.css"><div id="root"></div><script type="module">
      import { mount } from "./stlite.js";
      mount('import streamlit\\nstreamlit.write(streamlit.number_input("x"))', document.getElementById("root"));</script>`,
  },
  {
    name: `onnxruntime-web ${versionOf("onnxruntime-web")}, the engine alone`,
    root: path.join(modules, "onnxruntime-web/dist"),
    page: `<!doctype html><script src="ort.wasm.min.js"></script><script>
      ort.env.wasm.numThreads = 1;
      ort.InferenceSession.create(new Uint8Array(8)).catch(() => { document.title = "done"; });</script>`,
    isDone: () => document.title === "done",
  },
];
if (folder !== undefined) {
  const isDone = () => document.querySelector("#result:not(.empty)") !== null;
  const begin = (page) => page.locator("#example").click();
  CONTENDERS.unshift(
    { name: "Wardian, a folder, to the first answer", root: folder, isDone, begin, blockWorkers: true },
    { name: "Wardian, one file with everything", root: path.dirname(single), file: path.basename(single), isDone, begin },
  );
}

/** A server of one folder and, as its index, one page; what it has sent, by address. */
async function serve({ root, page, file }) {
  const sent = new Map();
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    try {
      const name = pathname === "/" ? (file ?? "index.html") : path.normalize(pathname);
      const body = pathname === "/" && page !== undefined ? Buffer.from(page) : await readFile(path.join(root, name));
      sent.set(name, body);
      const extension = path.extname(name);
      response.writeHead(200, { "content-type": MORE_TYPES[extension] ?? TYPES[extension] ?? "application/octet-stream" }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { sent, url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

async function measure(contender) {
  const server = await serve(contender);
  const browser = await chromium.launch(LAUNCH);
  const refused = new Set();
  let last = Date.now();
  try {
    const context = await browser.newContext({ serviceWorkers: contender.blockWorkers ? "block" : "allow" });
    context.on("request", () => (last = Date.now()));
    await context.route((url) => !url.href.startsWith(server.url) && /^https?:$/.test(url.protocol), async (route) => {
      const address = route.request().url();
      const name = contender.elsewhere?.address.exec(address)?.[1];
      const body = name && (await readFile(path.join(contender.elsewhere.root, name)).catch(() => undefined));
      if (body) {
        server.sent.set(address, body);
        const headers = { "access-control-allow-origin": "*", "content-type": MORE_TYPES[path.extname(name)] ?? TYPES[path.extname(name)] ?? "application/octet-stream" };
        await route.fulfill({ body, headers });
      } else {
        refused.add(address);
        await route.abort();
      }
    });
    const page = await context.newPage();
    if (process.env.SHOW) {
      page.on("console", (message) => console.error(message.text().slice(0, 300)));
    }
    await page.goto(server.url);
    await contender.begin?.(page);
    if (contender.isDone) {
      await page.waitForFunction(contender.isDone);
    } else {
      while (Date.now() - last < QUIET_MS) {
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    }
  } finally {
    await browser.close();
    server.close();
  }
  const files = [...server.sent];
  const zipped = ([name, body]) => (PACKED.test(name) ? body.length : gzipSync(body, { level: 9 }).length);
  const total = (size) => files.reduce((sum, file) => sum + size(file), 0);
  return { name: contender.name, files: files.length, bytes: total(([, body]) => body.length), gzip: total(zipped), refused: [...refused] };
}

const fileOf = (address) => decodeURIComponent(new URL(address).pathname.split("/").at(-1));
const write = (number) => number.toLocaleString("en-US");
function table(measured) {
  const lines = measured.map(({ name, files, bytes, gzip, refused }) => `| ${name} | ${files} | ${write(bytes)} | ${refused.length > 0 ? "more than " : ""}${write(gzip)} |`);
  const notes = measured
    .filter(({ refused }) => refused.length > 0)
    .map(({ name, refused }) => `${name} then asks for what is in no package of npm, is not counted, and was refused: ${refused.length} addresses (${[...new Set(refused.map(fileOf))].slice(0, 12).join(", ")}${refused.length > 12 ? ", …" : ""}).`);
  return `| what a page loads | files | bytes | gzip -9 |\n|---|---:|---:|---:|\n${lines.join("\n")}\n\n${notes.join("\n")}`;
}

const measured = [];
for (const contender of CONTENDERS) {
  measured.push(await measure(contender));
  console.log(measured.at(-1));
}
const text = await readFile(report, "utf8");
const [start, end] = MARKS.map((mark) => text.indexOf(mark));
if (start < 0 || end < start) {
  throw new Error(`${pathToFileURL(report)} lacks the marks ${MARKS.join(" ")}`);
}
await writeFile(report, `${text.slice(0, start)}${MARKS[0]}\n${table(measured)}\n${text.slice(end)}`);
