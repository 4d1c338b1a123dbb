/**
 * The studio's worker: the module that seals is here, with the model that is worked on. Messages are `{ id, call, given }`, answered by
 * `{ id, result }` or `{ id, error }`; before that there may be `{ id, progress }`, from 0 to 1. A module that a file asks for is asked of
 * the page: `{ id, wanted }`, answered by `{ id, module }` or `{ id, error }`.
 */
import { asCsv } from "wardian/foreign.js";
import { Bytes, Studio, initSync } from "wardian/seal.js";
import * as training from "./training.js";

/** How much of a file is read before the progress is told. */
const SOME = 2 ** 22;
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

/** The bytes of a file, part by part: in memory once. */
async function bytesOf(file, tell) {
  if (file.size > LARGEST.model) {
    throw refusal("large", { size: file.size, most: LARGEST.model });
  }
  const bytes = new Bytes(file.size);
  for (let from = 0; from < file.size; from += SOME) {
    bytes.push(new Uint8Array(await file.slice(from, from + SOME).arrayBuffer()));
    tell(Math.min(1, (from + SOME) / file.size));
  }
  return bytes;
}

/** The text of a file of rows, whatever kind it is. */
async function textOf(file, options) {
  if (file.size > LARGEST.rows) {
    throw refusal("large", { size: file.size, most: LARGEST.rows });
  }
  const text = await asCsv(file.stream(), MODULES, options);
  const parts = [];
  let length = 0;
  for await (const part of text.chunks) {
    parts.push(part);
    length += part.length;
    // What is packed small may be large.
    if (length > LARGEST.rows) {
      throw refusal("large", { size: length, most: LARGEST.rows });
    }
  }
  return { bytes: new Uint8Array(await new Blob(parts).arrayBuffer()), ...text.options };
}

const CALLS = {
  start({ module: compiled }) {
    initSync({ module: compiled });
  },
  async open({ file, options = {} }, tell) {
    const bytes = await bytesOf(file, tell);
    studio = new Studio(file.name, bytes, options);
    return studio.about();
  },
  /** Rows of the training data or the trainer's answers to them; no file takes them away. */
  async give({ which, file, options }) {
    // What was there is gone even if the new ones cannot be read.
    studio.give(which, undefined);
    if (file !== undefined) {
      studio.give(which, { place: file.name, ...(await textOf(file, options)) });
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
  async look({ file }) {
    return training.lookAt(await textOf(file));
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
