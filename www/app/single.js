/**
 * What the single file begins with. It has one script: the page's, and in a worker that worker's, so that what both need is in it
 * once. No worker awaits anything at its top, so it hears its first message.
 */
const WORKERS = {
  rows: () => import("../rows/worker.js"),
};

await (globalThis.document === undefined ? WORKERS[globalThis.name]() : import("./main.jsx"));
