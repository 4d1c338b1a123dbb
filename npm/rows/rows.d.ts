/** Files of rows: what a file is, the numbers in it, and the file back with answers. One reader for every road. */
import type { ModelDescription } from "../model/wardian.js";

/** As a model describes them. */
type Features = ModelDescription<string>["features"];

/** What may be said of a file, which wins over what it looks like: the options of the command line. */
export interface RowsOptions {
  /** `utf-8`, `utf-16le`, `utf-16be` or `windows-1252`. */
  encoding?: string;
  /** How many lines stand before the table. */
  skip?: number;
  /** What ends a cell: one ASCII character. */
  delimiter?: string;
  /** What stands before a number's fraction. */
  decimal?: "." | ",";
  /** What stands between each three digits. */
  thousands?: string;
  /** Whether the first line names the columns. */
  header?: boolean;
  /** Whether features may have no column. */
  absent?: boolean;
  /** Each feature's column: its name, or `#` and its number from 1; `undefined` where it has none. */
  column?: Record<string, string | undefined>;
  /** The unit that a feature's column is in. */
  unit?: Record<string, string>;
  /** Texts that mean "not measured"; without any, what pandas reads so. */
  missingText?: string[];
  /** The columns of the rows' base margins, one for each output: names, or `#` and a number from 1. */
  baseMargin?: string[];
  /** A plan that was kept: the text that `planText` and the command lines' `--show-plan` write, or what `JSON.parse` makes of it. It says all. */
  plan?: string | object;
  /** How many lines of the text are none of the file's, with a plan: for what an error calls a line. */
  madeLines?: number;
}

/** Something about a file, in a sentence; `code` is for programs. */
export interface RowsNote {
  code: string;
  message: string;
}

/** How a file is read. */
export interface RowsPlan {
  encoding: string;
  skippedLines: number;
  delimiter: string;
  decimal: string;
  thousands: string | undefined;
  header: boolean;
  /** What the columns are called. */
  names: string[];
  /** For each feature the place of its column from 0, and the unit that it is converted from. */
  columns: { feature: string; column: number | undefined; unit: string | undefined; conversion?: { times: number; minus: number } | undefined }[];
  missing: string[];
  /** The places of the columns of base margins, from 0. */
  baseMargins: number[];
  /** What was decided. */
  notes: RowsNote[];
  /** What can be read in two ways: each names the option that decides. */
  doubts: RowsNote[];
}

/** A row that cannot be read. */
export interface RowsFault {
  /** Its place among the rows just read, and the line that it begins with, from 1. */
  row: number;
  line: number;
  code: string;
  field: string | undefined;
  message: string;
}

/** Other names and units of features, as the package's `columns.json` has them for the shipped model. */
export type RowsWords = Record<string, { names?: string[]; units?: Record<string, { times: number; minus?: number }> }>;

/** The longest row that is read, in bytes. */
export const LONGEST_ROW: number;

/** A file's bytes as they come: a stream, or what is gone through with `for await`. */
type Chunks = AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>;

/** What a plan is made from, and whether that is all of the file. */
export function beginning(chunks: Chunks, longest?: number): Promise<{ start: Uint8Array; isWhole: boolean }>;
/** Chunks one after the other. */
export function inTurn(chunks: Chunks): AsyncGenerator<Uint8Array>;
/** The same bytes in UTF-8. */
export function inUtf8(chunks: Chunks, encoding: string): AsyncGenerator<Uint8Array>;
/** Text in UTF-8 as parts of whole rows. */
export function inParts(chunks: AsyncIterable<Uint8Array>, rows: Rows, plan: Pick<RowsPlan, "delimiter" | "skippedLines">, longest?: number): AsyncGenerator<Uint8Array>;
/** The JSON of a plan, as the command lines' `--show-plan` writes it. */
export function planText(plan: RowsPlan): string;
/** Whether a text may be a plan that was kept. */
export function looksLikeAPlan(text: string): boolean;
/** The options that give this plan again, with nothing left open, for a file of the same names. */
export function optionsOf(plan: RowsPlan, features: Features): RowsOptions;

/** Reads one file after another, for a model of these features. */
export class Rows {
  /** As the constructor, without waiting on the page's own thread. */
  static started(source: BufferSource | WebAssembly.Module | Response | URL | string, features: Features, words?: RowsWords): Promise<Rows>;
  /** From `rows.wasm`: its bytes, or compiled. */
  constructor(source: BufferSource | WebAssembly.Module, features: Features, words?: RowsWords);
  /** How a file is read that begins with `start`. Throws a `WardianError` for what is no file of rows. */
  plan(start: Uint8Array, isWhole: boolean, options?: RowsOptions): RowsPlan;
  /** The first rows of the file that was planned, cell by cell. */
  firstRows(most: number): string[][];
  /** Reads whole rows in UTF-8; `baseMargin`, where the plan has columns of them, and `values` go to a model as they are: `values` has one number for each feature of each row that could be read, codes for categories: `predictMany(values, { codes: true, baseMargin })`. */
  read(part: Uint8Array, isStart: boolean): { count: number; lines: number; values: Float64Array<ArrayBuffer>; baseMargin: Float32Array<ArrayBuffer> | undefined; faults: RowsFault[] };
  /** The cells of one of the rows just read. */
  cells(row: number): string[];
  /** Makes ready to write the file back with these columns added, as many as a row has predictions. The line of names, in UTF-8. */
  addColumns(names: string[], reasons?: boolean): Uint8Array<ArrayBuffer>;
  /** The rows just read as they came, each with its predictions, and with reasons if there are contributions (of `explainMany`). */
  write(predictions: Float32Array | string[], contributions?: Float64Array): Uint8Array<ArrayBuffer>;
  /** How much memory it has, in bytes. */
  readonly memoryBytes: number;
}
