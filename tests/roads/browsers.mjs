// A browser's answers: node tests/roads/browsers.mjs <Chromium|Firefox|WebKit> <index's folder> <package> <page>. Prints one
// JSON line an answer. The programs are named by `cargo xtask roads`.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { LAUNCH } from "../e2e/browser.mjs";
import { TYPES } from "../e2e/serve.mjs";

/** So many models, then the page is opened anew: what it has opened is given back when the browser pleases. */
const MODELS = 100;
/** No answer in so many milliseconds: there will be none. */
const PATIENCE = 120_000;

const [name, folder, packed, page] = process.argv.slice(2);
const index = JSON.parse(readFileSync(path.join(folder, "index.json"), "utf8"));
const here = fileURLToPath(new URL(".", import.meta.url));

/** The file that a URL names; only those of the index, and of the folders here. */
function fileOf(pathname) {
  const [, first, ...rest] = pathname.split("/");
  switch (first) {
    case "models":
      return index[Number(rest[0])]?.[rest[1]];
    case "index.json":
      return path.join(folder, "index.json");
    default: {
      const place = { package: packed, page, roads: here }[first];
      return place && path.join(place, path.normalize(`/${rest.join("/")}`));
    }
  }
}

let heard = Date.now();
let settle;

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks));
}

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, "http://localhost");
  heard = Date.now();
  try {
    if (request.method === "POST") {
      const body = await bodyOf(request);
      if (pathname === "/line") {
        process.stdout.write(`${JSON.stringify(body)}\n`);
      } else {
        settle(pathname === "/done" ? undefined : new Error(body));
      }
      response.writeHead(204).end();
    } else if (pathname === "/") {
      response.writeHead(200, { "content-type": TYPES[".html"] }).end('<!doctype html><meta charset="utf-8"><script type="module" src="/roads/page.mjs"></script>');
    } else {
      const body = await readFile(fileOf(pathname));
      const type = TYPES[path.extname(pathname).replace(".mjs", ".js")] ?? "application/octet-stream";
      response.writeHead(200, { "content-type": type }).end(body);
    }
  } catch (error) {
    response.writeHead(404).end(String(error));
  }
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const origin = `http://127.0.0.1:${server.address().port}`;

/** Opens pages one after the other: `{ open, end }`. */
async function browser() {
  if (name === "Chromium") {
    const { chromium } = await import("../e2e/node_modules/playwright-core/index.mjs");
    const launched = await chromium.launch(LAUNCH);
    const opened = await launched.newPage();
    return { open: (url) => opened.goto(url), end: () => launched.close() };
  }
  const { start } = await import("../e2e/engines/driver.mjs");
  const { driver, end } = await start(name);
  return { open: (url) => driver.get(url), end };
}

const { open, end } = await browser();
try {
  for (let first = 0; first < index.length; first += MODELS) {
    heard = Date.now();
    const answered = new Promise((resolve, reject) => {
      settle = (error) => (error === undefined ? resolve() : reject(error));
    });
    const watch = setInterval(() => {
      if (Date.now() - heard > PATIENCE) {
        settle(new Error(`${name} has said nothing for ${PATIENCE} ms`));
      }
    }, 1000);
    try {
      await Promise.all([answered, open(`${origin}/?${new URLSearchParams({ road: name, first, count: MODELS })}`)]);
    } finally {
      clearInterval(watch);
    }
  }
} finally {
  await end();
  server.closeAllConnections();
  server.close();
}
