/** Files of rows on the command line: read as the Rust program reads them, with its words. */
import { createReadStream, readFileSync } from "node:fs";
import { command } from "../case/command.js";
import { readBytes } from "./files.js";
import { Rows, beginning, inParts, inUtf8 } from "../rows/rows.js";
import { asCsv, checkSigns, replayed } from "../rows/sheets.js";

const beside = (name) => readFileSync(new URL(name, import.meta.url));

/** What may be said of a file that a plan says as well: options of the command line, and of `Rows.plan`. */
const SAID = ["header", "column", "unit", "absent", "delimiter", "decimal", "thousands", "missing-text", "encoding", "skip", "base-margin"];
/** And what has nothing to do with that. */
const BESIDE = ["sheet", "plan", "show-plan", "with-rows"];
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
  sheet: text,
  plan: text,
  "show-plan": flag,
  "with-rows": flag,
};

export const FORM_HELP = `
How a file of rows is read, where it does not say:
      --header <yes|no>        Whether the first line names the columns
      --column <FEATURE=COLUMN>
                               Which column is a feature's: its name, or # and its number from 1; may be given several times
      --unit <FEATURE=UNIT>    The unit that a feature's column is in, as ${command.unit}; may be given several times
      --absent                 Let features have no column: no row has their values
      --delimiter <SIGN>       What ends a cell: a character, or tab
      --decimal <SIGN>         What stands before a number's fraction: . or ,
      --thousands <SIGN>       What stands between each three digits of a number
      --missing-text <TEXT>    A text that means "not measured", instead of those that pandas knows; may be given several times
      --encoding <NAME>        How characters are written: utf-8, utf-16le, utf-16be or windows-1252
      --skip <LINES>           How many lines stand before the table
      --sheet <NAME>           The sheet of a spreadsheet that has several
      --plan <FILE>            Read the file by a plan that --show-plan has written
      --show-plan              Write how the file is read, as JSON, and answer nothing
`;

/** What is said of several outputs, with commas between or one by one. */
export const eachOf = (texts) => texts.flatMap((each) => each.split(","));

/** The options for `Rows.plan`. */
function optionsOf(values) {
  const { "missing-text": missingText, "base-margin": baseMargin, ...others } = Object.fromEntries(SAID.map((name) => [name, values[name]]));
  return { ...others, missingText, baseMargin: baseMargin && eachOf(baseMargin) };
}

/** Whether any of a file's options is there without a file. */
export const formWithoutFile = (values) => (values.csv === undefined ? [...SAID, ...BESIDE].find((name) => name !== "base-margin" && values[name] !== undefined) : undefined);

/** What is said beside a plan that says it as well. */
export const formBesidePlan = (values) => (values.plan === undefined ? undefined : SAID.find((name) => values[name] !== undefined));

/** Chunks of whole rows: what is wrong behind them is kept, to be told when they have been answered. */
async function* upToFailure(chunks, failures) {
  try {
    yield* chunks;
  } catch (error) {
    failures.push(error);
  }
}

/** What is to be said of a file: a plan that was kept, or options. */
function said(values, text) {
  if (values.plan === undefined) {
    return text.options;
  }
  try {
    return { plan: readBytes(values.plan).toString(), madeLines: text.madeLines };
  } catch (error) {
    throw Object.assign(error, { isOther: true });
  }
}

/**
 * A file of rows for `model`, open: `{ plan, rows, start, parts }`. Notes go to `note`; what can be read in two ways is an error. `parts`
 * gives whole rows, some at a time, as `Rows.read` has them.
 */
export async function openRows(path, model, isShipped, values, note) {
  const text = await asCsv(path === "-" ? process.stdin : createReadStream(path), { ...optionsOf(values), sheet: values.sheet });
  const words = isShipped ? JSON.parse(beside("columns.json").toString()) : {};
  const rows = new Rows(beside("rows.wasm"), model.description.features, words);
  const source = replayed(text.chunks);
  const { start, isWhole } = await beginning(source.look());
  const plan = rows.plan(start, isWhole, said(values, text));
  // A plan that was kept may be of a file of text.
  checkSigns(text.kind, plan);
  if (plan.doubts.length > 0) {
    throw Object.assign(new Error(plan.doubts[0].message), { code: "ambiguous_input" });
  }
  const [given, { outputs }] = [plan.baseMargins.length, model.description];
  if (given > 0 && given !== outputs) {
    throw new Error(`columns of base margins: ${given} are said, and the model has ${outputs} outputs: one for each is due`);
  }
  plan.notes.forEach(({ message }) => note(message));
  const parts = async function* () {
    const failures = [];
    const chunks = text.kind === undefined ? source.all() : upToFailure(source.all(), failures);
    let [isStart, lines] = [true, -text.madeLines];
    for await (const part of inParts(inUtf8(chunks, plan.encoding), rows, plan)) {
      const read = rows.read(part, isStart);
      yield { ...read, lines };
      [isStart, lines] = [false, lines + read.lines];
    }
    if (isStart && failures.length === 0) {
      // Nothing came: the reader says what is wrong with that.
      rows.read(new Uint8Array(0), true);
    }
    if (failures.length > 0) {
      throw failures[0];
    }
  };
  return { plan, rows, start, parts };
}

/** The numbers of the rows and their base margins, some whole rows at a time. A row that cannot be read is an error, after the rows before it. */
export async function* valuesOf({ parts, plan }, width) {
  for await (const { values, baseMargin, faults: [fault], lines } of parts()) {
    const good = fault?.row ?? Infinity;
    yield { values: values.subarray(0, good * width), baseMargin: baseMargin?.subarray(0, good * plan.baseMargins.length) };
    if (fault !== undefined) {
      const { code, field, line, message } = fault;
      throw Object.assign(new Error(`line ${Math.max(1, lines + line)}${field === undefined ? ":" : ","} ${message}`), { code, field });
    }
  }
}
