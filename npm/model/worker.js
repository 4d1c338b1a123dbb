/** One worker of a `Pool`: answers each block of rows with its predictions or an error. */
import { loadSync, shippedModel } from "./wardian.js";

const inNode = globalThis.process?.getBuiltinModule?.("node:worker_threads");
const port = inNode?.parentPort ?? globalThis.self;
let model;

function receive({ module, bytes, block, values, first, linked, codes, baseMargin }) {
  if (module !== undefined) {
    loadSync(module, bytes);
    model = shippedModel();
    return;
  }
  try {
    const options = { codes, baseMargin };
    const results = linked ? model.predictMany(values, options, first) : model.marginsMany(values, options, first);
    port.postMessage({ block, results }, [results.buffer]);
  } catch ({ message, code, field }) {
    // An error loses its own properties on the way to another thread.
    port.postMessage({ block, error: { message, code, field } });
  }
}

if (inNode) {
  port.on("message", receive);
} else {
  port.addEventListener("message", ({ data }) => receive(data));
}
port.postMessage({ ready: true });
