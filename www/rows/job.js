/** A file, planned and scored by workers. This side reads parts of it, hands them out and adds up what comes back. */
import { compiledWasm } from "../app/files.js";
import { count, watchWorkers } from "../app/meter.js";
import { startWorker } from "../app/worker.js";
import { documentOf } from "../case/documents.js";
import { classNames } from "../kinds/rows.js";
import { Rows, beginning, inParts, inTurn, inUtf8 } from "wardian/rows.js";
import { TELLING_BYTES, checkSigns, kindOf, knownOf, madeLinesOf } from "../../npm/rows/kind.js";
import { later } from "./later.js";
import { KEPT, LONGEST_ROW, MOST_COLUMNS, refusal } from "./limits.js";
import { Source } from "./source.js";
import { Totals } from "./totals.js";

/** How many parts a worker has waiting, so that it never waits for the next. */
const QUEUED = 2;
/** As many as there are cores, less the one that the page needs so as to stay at ease. */
const WORKERS = Math.max(1, Math.min(8, (navigator.hardwareConcurrency || 2) - 1));
/** What a byte order mark begins with, in the encodings that have one. */
const MARKS = [0xef, 0xfe, 0xff];

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

/** The first bytes of a file. */
async function firstBytes(file) {
  const chunks = [];
  let length = 0;
  for await (const chunk of inTurn(await new Source(file).stream())) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= TELLING_BYTES) {
      break;
    }
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

/** The text that was made last: the plan may be asked for again and again. */
let made = {};

/** Lets go of it. */
export function forgetText() {
  made = {};
}

/** The CSV text of a file, as a blob: itself, or what is made of a workbook or JSON lines. `{ kind, source, sheets }` */
async function textOf(file, sheet) {
  if (made.file === file && made.sheet === sheet) {
    return made.text;
  }
  const kind = kindOf(await firstBytes(file));
  if (kind === undefined) {
    return { kind, source: file, sheets: [] };
  }
  const module = await later(kind === "workbook" ? "sheets_bg.wasm" : "lines_bg.wasm");
  const helper = new Helper();
  try {
    const { source, sheets } = await helper.ask({ kind: "text", file, module, sheet });
    made = { file, sheet, text: { kind, source, sheets } };
    return made.text;
  } finally {
    helper.end();
  }
}

/** What is told of a file: a plan that was kept, or options. */
const toldOf = (kind, options) => (options.plan === undefined ? knownOf(kind, options) : { plan: options.plan, madeLines: madeLinesOf(kind) });

/**
 * How a file is read: `{ start, isWhole, plan, first, kind, source, sheets }`, of which the first two are its beginning, and `first` its
 * first rows; `source` has the text. What `options` say wins over what it looks like; `sheet` is a workbook's.
 */
export async function planFile(file, features, options, sheet) {
  const { kind, source, sheets } = await textOf(file, sheet);
  const [{ start, isWhole }, reader, words] = await Promise.all([
    new Source(source).stream().then((bytes) => beginning(bytes, LONGEST_ROW)),
    compiledWasm("rows_bg.wasm"),
    documentOf("columns"),
  ]);
  const helper = new Helper();
  try {
    const { plan, first } = await helper.ask({ kind: "plan", reader, features, words, start, isWhole, options: toldOf(kind, options) });
    checkSigns(kind, plan);
    if (plan.names.length > MOST_COLUMNS) {
      throw refusal("wide", { count: plan.names.length, most: MOST_COLUMNS });
    }
    return { start, isWhole, plan, first, kind, source, sheets };
  } finally {
    helper.end();
  }
}

/** What a tally is to know of the answers of a case. */
export function countedOf(page, description) {
  const classes = page.kind === "classes" ? classNames(page, description).length : 0;
  return { ends: page.kind === "risk" ? [0, 1] : undefined, zones: page.zones, classes };
}

/**
 * Scores a file as it was planned, with the page's model: `{ page, description, model }`, the last its bytes. `onProgress(bytes, totals)`
 * hears of each part. Aborting `signal` ends the workers at once, whatever they are doing. The totals, in the end.
 */
export async function scoreFile({ planned: { start, isWhole, plan, kind, source: text }, options, reasons }, { page, description, model }, { signal, onProgress }) {
  const { features } = description;
  const [reader, words, engine, explainer] = await Promise.all([
    compiledWasm("rows_bg.wasm"),
    documentOf("columns"),
    compiledWasm("engine_bg.wasm"),
    reasons ? compiledWasm("explain_bg.wasm") : undefined,
  ]);
  signal.throwIfAborted();
  const helpers = Array.from({ length: WORKERS }, () => new Helper());
  const stop = () => helpers.forEach((helper) => helper.end(signal.reason));
  signal.addEventListener("abort", stop);
  watchWorkers(helpers);
  try {
    const ready = helpers.map(async (helper) => {
      await helper.ask({ kind: "plan", reader, features, words, start, isWhole, options: toldOf(kind, options) });
      return helper.ask({ kind: "ready", engine, explainer, bytes: model, page: { kind: page.kind, classes: page.classes } });
    });
    const [{ names }] = await Promise.all(ready);
    const totals = new Totals(countedOf(page, description));
    totals.parts.push(new Blob([MARKS.includes(start[0]) ? "\ufeff" : "", names]));
    const source = new Source(text);
    const parts = inParts(inUtf8(await source.stream(), plan.encoding), await Rows.started(reader, features, words), plan, LONGEST_ROW);
    await share(parts, helpers, totals, () => {
      signal.throwIfAborted();
      onProgress(source.consumed, totals);
    });
    return totals;
  } finally {
    signal.removeEventListener("abort", stop);
    helpers.forEach((helper) => helper.end());
    watchWorkers([]);
  }
}

/** Hands the parts to whichever helper has least to do. */
async function share(parts, helpers, totals, onProgress) {
  const underWay = new Set();
  let number = 0;
  const done = (part, result) => {
    totals.add(part, result);
    count("rows", result.scored);
    onProgress();
  };
  for await (const bytes of parts) {
    const [helper] = helpers.toSorted((one, other) => one.load - other.load);
    const own = number;
    const message = { kind: "part", bytes, isStart: own === 0, first: KEPT.first - totals.first.length, least: totals.least };
    const work = helper.ask(message, [bytes.buffer]).then((result) => done(own, result));
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
