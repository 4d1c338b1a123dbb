/** One worker of a `Pool`: answers each block of rows with its predictions or an error. */
import { Model, loadSync } from "./wardian.js";

const port = globalThis.self?.postMessage ? globalThis.self : (await import("node:worker_threads")).parentPort;
let model;

function receive({ module, bytes, block, values, first, linked }) {
  if (module !== undefined) {
    loadSync(module);
    model = new Model(bytes);
    return;
  }
  try {
    const results = linked ? model.predictMany(values, first) : model.marginsMany(values, first);
    port.postMessage({ block, results }, [results.buffer]);
  } catch ({ message, code, field }) {
    // An error loses its own properties on the way to another thread.
    port.postMessage({ block, error: { message, code, field } });
  }
}

if (port === globalThis.self) {
  port.addEventListener("message", ({ data }) => receive(data));
} else {
  port.on("message", receive);
}
port.postMessage({ ready: true });
