/**
 * What has to be heard from the page's first moment on, for the proof that nothing leaves it: the browser's own record of
 * requests, what the page's security policy stopped, and what the service worker answered.
 */
import { note } from "./latency.js";

/** How many addresses are kept by name; all are counted. */
const NAMED = 200;

const traffic = { elsewhere: 0, own: 0, kept: 0, stopped: 0, names: new Map() };

/** The requests so far; `names` says how often each address was asked for. */
export const watchedTraffic = () => ({ ...traffic, names: new Map(traffic.names) });

function countName(name) {
  if (traffic.names.has(name) || traffic.names.size < NAMED) {
    traffic.names.set(name, (traffic.names.get(name) ?? 0) + 1);
  }
}

function countRequest({ name, transferSize, workerStart }) {
  const { protocol, origin, href } = new URL(name, document.baseURI);
  // Data and blobs are inside of the page; a page opened from a file has its parts inside too.
  if (!/^(https?|wss?|ftp):$/.test(protocol)) {
    return;
  }
  if (origin !== location.origin) {
    traffic.elsewhere += 1;
  } else {
    traffic.own += 1;
    traffic.kept += workerStart > 0 || transferSize === 0 ? 1 : 0;
  }
  countName(href);
}

new PerformanceObserver((records) => records.getEntries().forEach(countRequest)).observe({ type: "resource", buffered: true });

document.addEventListener("securitypolicyviolation", () => {
  traffic.stopped += 1;
});

if ("BroadcastChannel" in globalThis) {
  new BroadcastChannel("wardian").addEventListener("message", ({ data: { milliseconds } }) => {
    if (milliseconds !== undefined) {
      note("rest", milliseconds);
    }
  });
}
