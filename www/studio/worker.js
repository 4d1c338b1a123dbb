/**
 * The studio's worker: the module that seals is here, with the model that is worked on. Messages are `{ id, call, given }`, answered by
 * `{ id, result }` or `{ id, error }`; before that there may be `{ id, progress }`, from 0 to 1. A module that a file asks for is asked of
 * the page: `{ id, wanted }`, answered by `{ id, module }` or `{ id, error }`. Files come as bytes: WebKit's workers of a page from a disk
 * read none.
 */
import { joined } from "wardian/chunks.js";
import { asCsv } from "wardian/foreign.js";
import { Bytes, Studio, initSync } from "wardian/seal.js";
import * as training from "./training.js";

/** The largest model, and the largest file of rows: wasm has four gigabytes for all that is made of them. */
const LARGEST = { model: 500e6, rows: 300e6 };

let studio;
const waiting = new Map();

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

/** The text of the rows that have come, whatever kind of file they were in. */
async function textOfRows(options) {
  const parts = coming;
  coming = undefined;
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
  return { bytes: joined(made), ...text.options };
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
  /** The rows that have come; those that were there before are gone even if these cannot be read. Without a name none have come. */
  async give({ which, name, options }) {
    studio.give(which, undefined);
    if (name !== undefined) {
      studio.give(which, { place: name, ...(await textOfRows(options)) });
    }
  },
  shell({ bytes }) {
    studio.setShell(bytes);
  },
  together({ said, name, options }) {
    return studio.putTogether(new TextEncoder().encode(JSON.stringify(said)), name, options);
  },
  make({ product }) {
    return studio.make(product);
  },
  judge({ answers, labels, source }) {
    return studio.judge(answers, labels, source);
  },
  startTraining({ module: compiled }) {
    training.begin(compiled);
  },
  async look() {
    return training.lookAt(await textOfRows());
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

/** What is known of an error. A trap leaves the module of no use: its memory is not what it was. */
function told(error) {
  const isOver = error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
  return { code: isOver ? "memory" : error.code, message: error.message, field: error.field, values: error.values, sheets: error.sheets };
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
