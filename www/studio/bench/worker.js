/**
 * The studio's worker: the module that seals is here, with the model that is worked on. Messages are `{ id, call, given }`, answered by
 * `{ id, result }` or `{ id, error }`; before that there may be `{ id, progress }`, from 0 to 1. A module that a file asks for is asked of
 * the page: `{ id, wanted }`, answered by `{ id, module }` or `{ id, error }`. Files come as bytes: WebKit's workers of a page from a disk
 * read none.
 */
import { joined } from "wardian/chunks.js";
import { asCsv } from "wardian/foreign.js";
import { Bytes, Studio, initSync, mayBeModel, mayBeRows } from "wardian/seal.js";
import * as training from "./training.js";

/** The largest model, and the largest file of rows: wasm has four gigabytes for all that is made of them. */
const LARGEST = { model: 500e6, rows: 300e6 };

let studio;
const waiting = new Map();

/** What the module calls each kind of rows in what it says of them: their options on the command line. */
const PLACES = { data: "--data", predictions: "--predictions", heldOut: "--held-out" };
/** How many bytes tell a model's file. */
const TELLING_BYTES = 2 ** 16;

/** What is said of how rows are read, as the command line says it. */
const saidOf = ({ header, decimal, columns = [] } = {}) => [
  ...(header === undefined ? [] : [["header", header ? "yes" : "no"]]),
  ...(decimal === undefined ? [] : [["decimal", decimal]]),
  ...columns.map(([feature, column]) => ["column", `${feature}=${column}`]),
];

const refusal = (code, values = {}) => Object.assign(new Error(code), { code, values });

/** A module that few files need, compiled by the page. */
const module = (name) => () =>
  new Promise((resolve, reject) => {
    const id = `${name}${waiting.size}`;
    waiting.set(id, { resolve, reject });
    postMessage({ id, wanted: name });
  });
const MODULES = { sheets: module("sheets_bg.wasm"), lines: module("lines_bg.wasm") };

/** The file that comes in, part by part: a model's into the module's memory at once, so that it is in memory once. */
let coming;

/** The text of the rows that have come, whatever kind of file they were in; `isModel` tells whether they look like a model's file. */
async function textOfRows(options) {
  const parts = coming;
  coming = undefined;
  const start = joined(parts.slice(0, 1)).subarray(0, TELLING_BYTES);
  mayBeRows(start);
  try {
    // Of texts only LightGBM's are models for sure.
    const isNoText = start.includes(0) || new TextDecoder().decode(start.subarray(0, 4)) === "tree";
    return { ...(await textOf(parts, options)), isModel: isNoText && mayBeModel(start) };
  } catch (error) {
    throw mayBeModel(start) && error.sheets === undefined ? refusal("model_as_rows") : error;
  }
}

async function textOf(parts, options) {
  const text = await asCsv((async function* () { yield* parts; })(), MODULES, options);
  const made = [];
  let length = 0;
  for await (const part of text.chunks) {
    made.push(part);
    length += part.length;
    // What is packed small may be large.
    if (length > LARGEST.rows) {
      throw refusal("large", { size: length, most: LARGEST.rows });
    }
  }
  return { bytes: joined(made), kind: text.kind, sheets: text.sheets, ...text.options };
}

const CALLS = {
  start({ module: compiled }) {
    initSync({ module: compiled });
  },
  /** A file of this kind (`model` or `rows`) and size is to come. */
  begin({ kind, size }) {
    if (size > LARGEST[kind]) {
      throw refusal("large", { size, most: LARGEST[kind] });
    }
    coming = kind === "model" ? new Bytes(size) : [];
  },
  part({ bytes }) {
    coming.push(bytes);
  },
  /** The model that has come. */
  open({ name, options = {} }) {
    studio = new Studio(name, coming, options);
    coming = undefined;
    return studio.about();
  },
  /**
   * The rows that have come; those that were there before are gone even if these cannot be read. Without a name none have come. The names of a
   * workbook's sheets.
   */
  async give({ which, name, options }) {
    studio.give(which, undefined);
    if (name === undefined) {
      return undefined;
    }
    const { isModel, kind, sheets, ...rows } = await textOfRows({ sheet: options?.sheet });
    // Of JSON lines the text is another.
    if (isModel && kind === undefined) {
      throw refusal("model_as_rows");
    }
    studio.give(which, { place: PLACES[which], ...rows, said: saidOf(options) });
    return { sheets };
  },
  shell({ bytes }) {
    studio.setShell(bytes);
  },
  together({ said, name, options }) {
    const bytes = new TextEncoder().encode(JSON.stringify(said));
    const given = studio.rowsGiven(bytes, options);
    try {
      return { ...studio.putTogether(bytes, name, options), given };
    } catch (error) {
      throw Object.assign(error, { given });
    }
  },
  make({ product }) {
    return studio.make(product);
  },
  judge({ answers, labels, source }) {
    return studio.judge(answers, labels, source);
  },
  startTraining({ module: compiled, sealer }) {
    // It knows what is a model's file, and no table.
    initSync({ module: sealer });
    training.begin(compiled);
  },
  async look({ options }) {
    const { isModel, kind, sheets, ...text } = await textOfRows(options);
    if (isModel && kind === undefined) {
      throw refusal("model_as_rows");
    }
    return { ...training.lookAt(text), sheets };
  },
  train({ asked, options }, tell) {
    const told = training.readRows(asked);
    return { ...told, ...training.train(options, tell) };
  },
};

const buffersOf = (result) => {
  const all = result instanceof Uint8Array ? [result] : Object.values(result ?? {});
  return all.filter((each) => each instanceof Uint8Array).map(({ buffer }) => buffer);
};

/** What an error is made of that a message can have. */
const plain = ({ code, message, place, field, reason, values }) => ({ code, message, place, field, reason, values });

/** What is known of an error. A trap leaves the module of no use: its memory is not what it was. */
function told(error) {
  const isOver = error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
  return { ...plain(error), code: isOver ? "memory" : error.code, sheets: error.sheets, given: error.given, faults: error.faults?.map(plain) };
}

async function answer({ id, call, given }) {
  try {
    const result = await CALLS[call](given, (progress) => postMessage({ id, progress }));
    postMessage({ id, result }, buffersOf(result));
  } catch (error) {
    postMessage({ id, error: told(error) });
  }
}

let last = Promise.resolve();
self.addEventListener("message", ({ data }) => {
  if (data.call === undefined) {
    const { resolve, reject } = waiting.get(data.id);
    waiting.delete(data.id);
    data.error === undefined ? resolve(data.module) : reject(Object.assign(new Error(data.error.message), data.error));
    return;
  }
  // One after the other: each finds what those before it have left.
  last = last.then(() => answer(data));
});
