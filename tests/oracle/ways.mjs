// Our ways to answer a request: each takes `{ method, path, contentType, body }` and gives `{ status, body }`.
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "../e2e/node_modules/playwright-core/index.mjs";
import { LAUNCH } from "../e2e/browser.mjs";
import { serve } from "../e2e/serve.mjs";

const PATH = "/katana-ml/api/v1.0/diabetes";
const script = (folder, name) => import(pathToFileURL(path.resolve(folder, name)));
const whole = ({ method = "POST", path = PATH, contentType = "application/json", body }) => ({ method, path, contentType, body });

/** The shipped model of the scripts in a folder. */
async function modelIn(folder) {
  const { loadSync, shippedModel } = await script(folder, "wardian.js");
  loadSync(await readFile(path.join(folder, "engine_bg.wasm")));
  return shippedModel();
}

/** The pure function. */
export async function pureWay(folder) {
  const [model, { answer }] = [await modelIn(folder), await script(folder, "rest.js")];
  return async (request) => answer(model, whole(request));
}

/** The fetch handler, here. */
export async function handleWay(folder) {
  const [model, { handleWith }] = [await modelIn(folder), await script(folder, "handle.js")];
  return async (request) => {
    const { method, path, contentType, body } = whole(request);
    const response = await handleWith(model, new Request(`http://localhost${path}`, { method, headers: { "content-type": contentType }, body }));
    return { status: response.status, body: await response.text() };
  };
}

const WORKER = `
import { loadSync, shippedModel } from "./wardian.js";
import { handleWith } from "./handle.js";
addEventListener("install", (event) => event.waitUntil(ready()));
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
let loading;
function ready() {
  loading ??= fetch("./engine_bg.wasm").then((response) => response.arrayBuffer()).then((bytes) => loadSync(bytes));
  return loading;
}
addEventListener("fetch", (event) => {
  if (new URL(event.request.url).searchParams.has("worker")) {
    event.respondWith(ready().then(() => handleWith(shippedModel(), event.request)));
  }
});
`;

/** The fetch handler in a service worker of Chromium, asked by a page. `close()` ends it. */
export async function workerWay(folder) {
  const served = await mkdtemp(path.join(tmpdir(), "wardian-worker-"));
  for (const name of ["wardian.js", "rest.js", "handle.js", "engine_bg.wasm"]) {
    await cp(path.join(folder, name), path.join(served, name));
  }
  await writeFile(path.join(served, "service-worker.js"), WORKER);
  await writeFile(path.join(served, "index.html"), "<!doctype html>");
  const server = await serve(served, "/");
  const browser = await chromium.launch(LAUNCH);
  const page = await browser.newPage();
  await page.goto(server.url);
  await page.evaluate(async () => {
    await navigator.serviceWorker.register("service-worker.js", { type: "module" });
    await navigator.serviceWorker.ready;
    if (navigator.serviceWorker.controller === null) {
      await new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true }));
    }
  });
  const ask = (request) =>
    page.evaluate(async ({ method, path, contentType, body }) => {
      const response = await fetch(`${path}?worker`, { method, headers: { "content-type": contentType }, body });
      return { status: response.status, body: await response.text() };
    }, whole(request));
  const close = async () => {
    await browser.close();
    server.close();
    await rm(served, { recursive: true });
  };
  return { ask, close };
}
