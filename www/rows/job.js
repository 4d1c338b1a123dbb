/** A file, looked at and scored by workers. This side reads blocks of it, hands them out and adds up what comes back. */
import { compiledWasm } from "../app/files.js";
import { count, watchWorkers } from "../app/meter.js";
import { startWorker } from "../app/worker.js";
import { blocks } from "./blocks.js";
import { INSPECTED_BYTES, KEPT } from "./limits.js";
import { Totals } from "./totals.js";

/** How many blocks a worker has waiting, so that it never waits for the next. */
const QUEUED = 2;
/** As many as there are cores, less the one that the page needs so as to stay at ease. */
const WORKERS = Math.max(1, Math.min(8, (navigator.hardwareConcurrency || 2) - 1));
const BOM_BYTES = 3;

/** A worker that is asked and answers in turn. */
class Helper {
  #worker = startWorker("rows");
  #waiting = [];
  /** Why it has ended, if it has. */
  #ended;
  /** For how many milliseconds it has worked so far, and the bytes of its module's memory. */
  busy = 0;
  memory = 0;

  constructor() {
    this.#worker.addEventListener("message", ({ data }) => {
      if (this.#ended !== undefined) {
        return;
      }
      this.busy += data.busy ?? 0;
      this.memory = data.memory ?? this.memory;
      const { resolve, reject } = this.#waiting.shift();
      if (data.error) {
        reject(Object.assign(new Error(data.error.message), data.error));
      } else {
        resolve(data);
      }
    });
    this.#worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.end(new Error(event.message || "a worker could not be started"));
    });
  }

  /** Answers still waited for. */
  get load() {
    return this.#waiting.length;
  }

  ask(message, transfer = []) {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) {
        reject(this.#ended);
        return;
      }
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage(message, transfer);
    });
  }

  end(reason = new Error("the work has ended")) {
    this.#worker.terminate();
    this.#ended ??= reason;
    this.#waiting.splice(0).forEach(({ reject }) => reject(reason));
  }
}

/** What the file is: see `inspect`. */
export async function inspectFile(file) {
  const helper = new Helper();
  try {
    const bytes = await file.slice(0, INSPECTED_BYTES).arrayBuffer();
    return (await helper.ask({ kind: "inspect", bytes: new Uint8Array(bytes), size: file.size }, [bytes])).table;
  } finally {
    helper.end();
  }
}

/** The names that are added to those of the file, none of them a second time. */
export function addedNames(names, reasons) {
  const free = (name) => {
    let found = name;
    for (let number = 2; names.includes(found); number += 1) {
      found = `${name}_${number}`;
    }
    return found;
  };
  return ["probability", ...(reasons ? ["reasons"] : []), "error"].map(free);
}

/** The names of the columns that come back. Where the file has none, those of the features that they were taken for. */
function namesOf(table, header, columns, features) {
  return table.rows[0].map((cell, index) => (header ? cell : (features[columns.indexOf(index)]?.name ?? `column_${index + 1}`)));
}

/**
 * Scores `file`, which is as `table` says: `columns` has the column of each feature, or -1. `onProgress(bytes, totals)` hears
 * of each block. Aborting `signal` ends the workers at once, whatever they are doing. The totals, in the end.
 */
export async function scoreFile(file, { table, header, columns, reasons, features }, { signal, onProgress }) {
  const { delimiter, newline, ending, width, bom } = table;
  const names = namesOf(table, header, columns, features);
  const plan = { delimiter, newline, ending, width, columns, reasons, added: addedNames(names, reasons) };
  const [engine, explainer] = await Promise.all([compiledWasm("engine_bg.wasm"), reasons ? compiledWasm("explain_bg.wasm") : undefined]);
  signal.throwIfAborted();
  const helpers = Array.from({ length: WORKERS }, () => new Helper());
  const stop = () => helpers.forEach((helper) => helper.end(signal.reason));
  signal.addEventListener("abort", stop);
  watchWorkers(helpers);
  try {
    const [{ header: line }] = await Promise.all(helpers.map((helper) => helper.ask({ kind: "plan", engine, explainer, plan, names })));
    const totals = new Totals();
    totals.parts.push(new Blob([bom ? "\ufeff" : "", line]));
    const read = blocks(file, { from: bom ? BOM_BYTES : 0, delimiter, newline });
    await share(read, helpers, totals, header ? 1 : 0, (bytes) => {
      signal.throwIfAborted();
      onProgress(bytes, totals);
    });
    return totals;
  } finally {
    signal.removeEventListener("abort", stop);
    helpers.forEach((helper) => helper.end());
    watchWorkers([]);
  }
}

/** Hands the blocks to whichever helper has least to do. */
async function share(read, helpers, totals, skip, onProgress) {
  const underWay = new Set();
  let number = 0;
  let bytes = 0;
  const done = (block, length, result) => {
    totals.add(block, result);
    count("rows", result.scored);
    bytes += length;
    onProgress(bytes);
  };
  for await (const block of read) {
    const [helper] = helpers.toSorted((one, other) => one.load - other.load);
    const [own, { length }] = [number, block];
    const message = { kind: "block", bytes: block, skip: own === 0 ? skip : 0, first: KEPT.first - totals.first.length, least: totals.least };
    const work = helper.ask(message, [block.buffer]).then((result) => done(own, length, result));
    underWay.add(work);
    // What fails stays, and is heard of below where they are waited for.
    work.then(() => underWay.delete(work), () => {});
    number += 1;
    if (underWay.size >= helpers.length * QUEUED) {
      await Promise.race(underWay);
    }
  }
  await Promise.all(underWay);
}
