// Our ways to answer a request: each takes `{ method, path, contentType, body }` and gives `{ status, body }`.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "../e2e/node_modules/playwright-core/index.mjs";
import { LAUNCH } from "../e2e/browser.mjs";
import { serve } from "../e2e/serve.mjs";
import { contractOf } from "../../xtask/case.mjs";

const CONTRACT = contractOf();
const PATH = CONTRACT.path;
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
  return async (request) => answer(model, whole(request), CONTRACT);
}

/** The fetch handler, here. */
export async function handleWay(folder) {
  const [model, { handleWith }] = [await modelIn(folder), await script(folder, "handle.js")];
  return async (request) => {
    const { method, path, contentType, body } = whole(request);
    const response = await handleWith(model, new Request(`http://localhost${path}`, { method, headers: { "content-type": contentType }, body }), CONTRACT);
    return { status: response.status, body: await response.text() };
  };
}

/** The page's own service worker in Chromium, asked by the page, which is below a path as on a static host. `close()` ends it. */
export async function workerWay(folder) {
  const server = await serve(folder, "/wardian/");
  const browser = await chromium.launch(LAUNCH);
  const page = await browser.newPage();
  await page.goto(server.url);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  // Nobody but the worker can answer from here on.
  await server.stop();
  const ask = (request) =>
    page.evaluate(async ({ method, path, contentType, body }) => {
      const response = await fetch(`/wardian${path}`, { method, headers: { "content-type": contentType }, body });
      return { status: response.status, body: await response.text() };
    }, whole(request));
  return { ask, close: () => browser.close() };
}
