/**
 * The service worker: keeps the page for use offline, and is the REST contract's server. It sees the requests of the pages
 * of its own folder, and answers those to the contract's two paths and beside them as `handle` of the package would.
 */
import { cleanupOutdatedCaches, matchPrecache, precacheAndRoute } from "workbox-precaching";
import { handleWith } from "wardian/handle.js";
import { load, shippedModel } from "wardian/wardian.js";
import { asked } from "./contract.js";
import { whyHere } from "./why.js";

/** What of the case is kept and where it is asked: set in when it is sealed. */
self.sealed = "@@case@@";
const { precache, rest, model, openapi, certainty, observed } = self.sealed;

const scope = new URL(self.registration.scope);
/** The folder that the page is in, without its last slash: what the contract's paths come after. */
const base = scope.pathname.replace(/\/$/, "");
/** What is answered here: `/a` of `/a/api/v1.0/x`, so that a path of the contract that is written wrongly is told so. */
const answered = `${base}${rest.match(/^\/[^/]*\//)?.[0] ?? rest}`;

const kept = async (file) => (await matchPrecache(file.split("?")[0])) ?? fetch(new URL(file, scope));

const bytesOfModel = async () => (model === undefined ? undefined : new Uint8Array(await (await kept(model)).arrayBuffer()));
/** A document of the case; nothing where it has none. */
const documentIn = async (file) => (file === undefined ? undefined : (await kept(file)).json());

let explained;
/** What explains answers, made when the first request asks for it. */
function why(asking) {
  explained ??= whyHere(asking, {
    module: kept("explain_bg.wasm"),
    bytes: bytesOfModel(),
    certainty: documentIn(certainty),
    observed: documentIn(observed),
  }).catch((error) => {
    // The next request may find the network again.
    explained = undefined;
    throw error;
  });
  return explained;
}

async function start() {
  await load(await kept("engine_bg.wasm"), await bytesOfModel());
  return { model: asked(shippedModel()), contract: { path: rest, description: await (await kept(openapi)).text(), why } };
}

let started;
/** The model and its contract, of kept files: the worker is often woken when there is no network. */
function ready() {
  started ??= start().catch((error) => {
    // The next request may find the network again.
    started = undefined;
    throw error;
  });
  return started;
}

/** The page's monitor hears how long answers take. */
const monitor = new BroadcastChannel("wardian");

async function answer(request) {
  const { model: asking, contract } = await ready();
  const began = performance.now();
  const response = await handleWith(asking, request, contract, base);
  if (request.method === "POST" && response.ok) {
    monitor.postMessage({ milliseconds: performance.now() - began });
  }
  return response;
}

/** What is said when even the model is not there: a problem like the contract's others. */
function unavailable({ message }) {
  const body = JSON.stringify({ type: "about:blank", title: "Service Unavailable", status: 503, detail: `the model could not be started: ${message}` });
  return new Response(body, { status: 503, headers: { "content-type": "application/problem+json", "access-control-allow-origin": "*" } });
}

/** What is fetched when a file of rows asks for it, and kept from then on; what an older page asked for goes. */
async function later(request) {
  const cache = await caches.open("later");
  const own = await cache.match(request);
  if (own !== undefined) {
    return own;
  }
  const response = await fetch(request);
  if (response.ok) {
    const old = (await cache.keys()).filter(({ url }) => !addresses.includes(url));
    await Promise.all([...old.map((each) => cache.delete(each)), cache.put(request, response.clone())]);
  }
  return response;
}

const addresses = BUILD.later.map((file) => new URL(file, scope).href);

const files = [...BUILD.precache, ...precache];
/** What has the name of a file is that file, whatever path the contract has. */
const paths = new Set(files.map(({ url }) => new URL(url, scope).pathname));

self.addEventListener("fetch", (event) => {
  if (addresses.includes(event.request.url)) {
    event.respondWith(later(event.request));
    return;
  }
  const { origin, pathname } = new URL(event.request.url);
  if (origin === scope.origin && pathname.startsWith(answered) && !paths.has(pathname)) {
    event.respondWith(answer(event.request).catch(unavailable));
  }
});

self.addEventListener("message", ({ data }) => {
  if (data === "take over") {
    self.skipWaiting();
  }
});

self.addEventListener("activate", (event) => {
  // The page that installed it needs no reload to have its requests answered.
  event.waitUntil(self.clients.claim());
});

// A static file is the same whatever is asked after its name.
precacheAndRoute(files, { ignoreURLParametersMatching: [/^/], cleanURLs: false });
cleanupOutdatedCaches();
