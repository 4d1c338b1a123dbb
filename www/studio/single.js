/** What the studio's single file begins with, in the page and in its worker: as in `www/app/single.js`. */
const WORKERS = {
  studio: () => import("./bench/worker.js"),
};

await (globalThis.document === undefined ? WORKERS[globalThis.name]() : import("./main.jsx"));
