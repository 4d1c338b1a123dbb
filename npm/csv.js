/** Files of rows on the command line: read as the Rust program reads them, with its words. */
import { createReadStream, readFileSync } from "node:fs";
import { Rows, beginning, inParts, inUtf8 } from "./rows.js";

const GZIP = [0x1f, 0x8b];
const beside = (name) => readFileSync(new URL(name, import.meta.url));

/** What may be said of a file: options of the command line, and of `Rows.plan`. */
const SAID = ["header", "column", "unit", "absent", "delimiter", "decimal", "thousands", "missing-text", "encoding", "skip"];
const text = { type: "string" };
const texts = { type: "string", multiple: true };
const flag = { type: "boolean" };
export const FORM = {
  csv: text,
  header: text,
  column: texts,
  unit: texts,
  absent: flag,
  delimiter: text,
  decimal: text,
  thousands: text,
  "missing-text": texts,
  encoding: text,
  skip: text,
};

export const FORM_HELP = `
How a file of rows is read, where it does not say:
      --header <yes|no>        Whether the first line names the columns
      --column <FEATURE=COLUMN>
                               Which column is a feature's: its name, or # and its number from 1; may be given several times
      --unit <FEATURE=UNIT>    The unit that a feature's column is in, as glucose=mmol/L; may be given several times
      --absent                 Let features have no column: no row has their values
      --delimiter <SIGN>       What ends a cell: a character, or tab
      --decimal <SIGN>         What stands before a number's fraction: . or ,
      --thousands <SIGN>       What stands between each three digits of a number
      --missing-text <TEXT>    A text that means "not measured", instead of those that pandas knows; may be given several times
      --encoding <NAME>        How characters are written: utf-8, utf-16le, utf-16be or windows-1252
      --skip <LINES>           How many lines stand before the table
`;

/** The options for `Rows.plan`. */
function optionsOf(values) {
  const said = SAID.filter((name) => values[name] !== undefined);
  return Object.fromEntries(said.map((name) => [name === "missing-text" ? "missingText" : name, values[name]]));
}

/** Whether any of a file's options is there without a file. */
export const formWithoutFile = (values) => (values.csv === undefined ? SAID.find((name) => values[name] !== undefined) : undefined);

/** Chunks that can be looked at and then be had again from the first on: standard input comes once. */
function replayed(chunks) {
  const iterator = chunks[Symbol.asyncIterator]();
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

/** A file's bytes, unpacked if gzip has packed them. */
async function* unpacked(chunks) {
  const source = replayed(chunks);
  let magic = Buffer.alloc(0);
  for await (const chunk of source.look()) {
    magic = Buffer.concat([magic, chunk]);
    if (magic.length >= GZIP.length) {
      break;
    }
  }
  if (GZIP.every((byte, index) => magic[index] === byte)) {
    yield* ReadableStream.from(source.all()).pipeThrough(new DecompressionStream("gzip"));
  } else {
    yield* source.all();
  }
}

/**
 * The rows of a file for `model`, some whole rows at a time: their numbers. Notes go to `note`; what can be read in two ways and a
 * row that cannot be read are errors, the latter after the rows before it.
 */
export async function* rowsOf(path, model, isShipped, values, note) {
  const source = replayed(unpacked(path === "-" ? process.stdin : createReadStream(path)));
  const words = isShipped ? JSON.parse(beside("columns.json").toString()) : {};
  const rows = new Rows(beside("rows.wasm"), model.description.features, words);
  const { start, isWhole } = await beginning(source.look());
  const plan = rows.plan(start, isWhole, optionsOf(values));
  if (plan.doubts.length > 0) {
    throw Object.assign(new Error(plan.doubts[0].message), { code: "ambiguous_input" });
  }
  plan.notes.forEach(({ message }) => note(message));
  const width = model.description.features.length;
  let [isStart, lines] = [true, 0];
  for await (const part of inParts(inUtf8(source.all(), plan.encoding), rows, plan)) {
    const read = rows.read(part, isStart);
    const [fault] = read.faults;
    yield fault === undefined ? read.values : read.values.subarray(0, fault.row * width);
    if (fault !== undefined) {
      const { code, field, line, message } = fault;
      throw Object.assign(new Error(`line ${lines + line}${field === undefined ? ":" : ","} ${message}`), { code, field });
    }
    [isStart, lines] = [false, lines + read.lines];
  }
  if (isStart) {
    // Nothing came: the reader says what is wrong with that.
    rows.read(new Uint8Array(0), true);
  }
}
