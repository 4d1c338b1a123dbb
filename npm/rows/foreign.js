/**
 * Workbooks and JSON lines as the CSV text that the reader of rows takes. `src/bindings/sheets.rs` and `src/bindings/lines.rs` are the other
 * side, each a module that is asked for when a file's first bytes say so.
 */
import { inTurn, joined } from "./chunks.js";
import { at, instantiated, textOf } from "../model/engine.js";
import { TELLING_BYTES, begins, kindOf, knownOf, madeLinesOf, refused } from "./kind.js";

export { checkSigns, kindOf } from "./kind.js";

const GZIP = [0x1f, 0x8b];
/** The largest workbook, in bytes; as in `src/rows/foreign/workbook.rs`. */
const LARGEST_WORKBOOK = 104_857_600;

/** Chunks that can be looked at and then be had again from the first on: a stream comes once. */
export function replayed(chunks) {
  const iterator = chunks[Symbol.asyncIterator]?.() ?? chunks[Symbol.iterator]();
  const kept = [];
  // Without a `return`, so that who has seen enough does not close it.
  const rest = { next: () => iterator.next(), [Symbol.asyncIterator]: () => rest };
  return {
    async *look() {
      for await (const chunk of rest) {
        kept.push(chunk);
        yield chunk;
      }
    },
    async *all() {
      yield* kept.splice(0);
      yield* rest;
    },
  };
}

/** Its first bytes, so many if there are. */
async function first(source, length) {
  let start = new Uint8Array(0);
  for await (const chunk of source.look()) {
    start = joined([start, chunk]);
    if (start.length >= length) {
      break;
    }
  }
  return start;
}

/** A file's bytes, unpacked if gzip has packed them. */
async function* unpacked(chunks) {
  const source = replayed(inTurn(chunks));
  if (!begins(await first(source, GZIP.length), GZIP)) {
    yield* source.all();
    return;
  }
  const packed = source.all();
  const stream = new ReadableStream({
    async pull(controller) {
      const { done, value } = await packed.next();
      if (done) {
        controller.close();
      } else {
        controller.enqueue(value);
      }
    },
  });
  yield* inTurn(stream.pipeThrough(new DecompressionStream("gzip")));
}

/** What a module has at an address, a copy. */
const bytesAt = (module, address, length) => at(Uint8Array, address, length, module).slice();

function put(module, bytes) {
  at(Uint8Array, module.room(bytes.length), bytes.length, module).set(bytes);
}

function failed(bytes) {
  const [code, message] = textOf(bytes).split("\0");
  return refused(code, message);
}

/** A workbook's sheets that have cells, and the text of one. */
export class Workbook {
  #module;
  /** The names of the sheets that have cells. */
  sheets;

  /** From `sheets.wasm` in any form, and the workbook's bytes. */
  static async opened(source, bytes) {
    return new Workbook(await instantiated(source), bytes);
  }

  constructor(module, bytes) {
    this.#module = module;
    put(module, bytes);
    this.sheets = textOf(this.#answered(module.open())).split("\0");
  }

  /** The CSV text of the sheet of this name; without a name of the only one. */
  csv(sheet) {
    put(this.#module, new TextEncoder().encode(sheet ?? ""));
    try {
      return this.#answered(this.#module.csv(sheet === undefined));
    } catch (error) {
      throw error.code === "ambiguous_input" ? Object.assign(error, { sheets: this.sheets }) : error;
    }
  }

  #answered(isWell) {
    const bytes = bytesAt(this.#module, this.#module.answer(), this.#module.answer_length());
    if (!isWell) {
      throw failed(bytes);
    }
    return bytes;
  }
}

/** The text of JSON lines, as their bytes come: whole lines; an error after those before it. */
async function* csvOfLines(source, chunks) {
  const module = await instantiated(source);
  const answered = (bytes, isLast) => {
    put(module, bytes);
    const isWell = module.lines(isLast);
    const text = bytesAt(module, module.answer(), module.answer_length());
    return { text, error: isWell ? undefined : failed(bytesAt(module, module.failure(), module.failure_length())) };
  };
  const given = function* ({ text, error }) {
    if (text.length > 0) {
      yield text;
    }
    if (error !== undefined) {
      throw error;
    }
  };
  for await (const chunk of chunks) {
    yield* given(answered(chunk, false));
  }
  yield* given(answered(new Uint8Array(0), true));
}

async function whole(chunks) {
  const all = [];
  let length = 0;
  for await (const chunk of chunks) {
    all.push(chunk);
    length += chunk.length;
    if (length > LARGEST_WORKBOOK) {
      throw refused("wrong_type", `a spreadsheet of more than ${LARGEST_WORKBOOK / 1048576} MB: save it as CSV UTF-8`);
    }
  }
  return joined(all);
}

/**
 * The text of a file of rows of any kind: `{ chunks, kind, options, madeLines, sheets }`. `options` is what is known of the text, over
 * what was said of the file; `madeLines` how many of its lines the file does not have; `sheets` the names of a workbook's.
 * `modules` has `sheets` and `lines`, each a function that gives the module in any form, asked if it is needed.
 */
export async function asCsv(file, modules, { sheet, ...said } = {}) {
  const source = replayed(unpacked(file));
  const kind = kindOf(await first(source, TELLING_BYTES));
  const text = { kind, options: knownOf(kind, said), madeLines: madeLinesOf(kind), sheets: [] };
  switch (kind) {
    case undefined:
      return { ...text, chunks: source.all() };
    case "json-lines":
      return { ...text, chunks: csvOfLines(await modules.lines(), source.all()) };
    default: {
      const book = await Workbook.opened(await modules.sheets(), await whole(source.all()));
      const csv = book.csv(sheet);
      return { ...text, sheets: book.sheets, chunks: (async function* () { yield csv; })() };
    }
  }
}
