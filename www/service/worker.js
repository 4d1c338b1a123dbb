/**
 * The service worker: keeps the page for use offline, and is the REST contract's server. It sees the requests of the pages
 * of its own folder, and answers those below `katana-ml/` there as `handle` of the package would.
 */
import { cleanupOutdatedCaches, matchPrecache, precacheAndRoute } from "workbox-precaching";
import { handleWith } from "wardian/handle.js";
import { contract } from "../contract.js";
import { load, shippedModel } from "wardian/wardian.js";

const scope = new URL(self.registration.scope);
/** The folder that the page is in, without its last slash: what the contract's paths come after. */
const base = scope.pathname.replace(/\/$/, "");

let started;
/** The model, started from the kept module: the worker is often woken when there is no network. */
function ready() {
  started ??= matchPrecache("engine_bg.wasm")
    .then((kept) => load(kept ?? fetch(new URL("engine_bg.wasm", scope))))
    .then(shippedModel)
    .catch((error) => {
      // The next request may find the network again.
      started = undefined;
      throw error;
    });
  return started;
}

/** What is said when even the model is not there: a problem like the contract's others. */
function unavailable({ message }) {
  const body = JSON.stringify({ type: "about:blank", title: "Service Unavailable", status: 503, detail: `the model could not be started: ${message}` });
  return new Response(body, { status: 503, headers: { "content-type": "application/problem+json", "access-control-allow-origin": "*" } });
}

/** What is fetched when a file of rows asks for it, and kept from then on; what an older page asked for goes. */
async function later(request) {
  const cache = await caches.open("later");
  const kept = await cache.match(request);
  if (kept !== undefined) {
    return kept;
  }
  const response = await fetch(request);
  if (response.ok) {
    const old = (await cache.keys()).filter(({ url }) => !addresses.includes(url));
    await Promise.all([...old.map((each) => cache.delete(each)), cache.put(request, response.clone())]);
  }
  return response;
}

const addresses = BUILD.later.map((file) => new URL(file, scope).href);

self.addEventListener("fetch", (event) => {
  if (addresses.includes(event.request.url)) {
    event.respondWith(later(event.request));
    return;
  }
  const { origin, pathname } = new URL(event.request.url);
  if (origin === scope.origin && pathname.startsWith(`${base}/katana-ml/`)) {
    event.respondWith(ready().then((model) => handleWith(model, event.request, contract, base), unavailable));
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
precacheAndRoute(BUILD.precache, { ignoreURLParametersMatching: [/^/], cleanURLs: false });
cleanupOutdatedCaches();
