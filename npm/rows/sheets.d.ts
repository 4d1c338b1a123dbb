/** Workbooks and JSON lines as the CSV text that `wardian/rows` takes. */
import type { RowsOptions } from "./rows.js";

/** A module of wasm in any form. */
type Source = BufferSource | WebAssembly.Module | Response | Promise<Response> | URL | string;

/** A file's text. */
export interface CsvText {
  /** As it comes; of a file that is to be read as it is, its own bytes. */
  chunks: AsyncIterable<Uint8Array>;
  /** What the text was made of. */
  kind: "workbook" | "json-lines" | undefined;
  /** What is known of the text, over what was said of the file: for `Rows.plan`. */
  options: RowsOptions;
  /** How many lines the file does not have: an error's line less this is the file's. */
  madeLines: number;
  /** The sheets of a workbook that have cells. */
  sheets: string[];
}

/**
 * The text of a file of rows of any kind: `.xlsx`, `.xls`, `.ods`, JSON lines, CSV and its like, packed with gzip or not. `sheet`
 * names one of a workbook that has several; without it the error's `code` is `ambiguous_input`, and its `sheets` are their names.
 * The modules are fetched from beside the script when a file needs one, unless they are given.
 *
 * @example
 * ```js
 * import { asCsv } from "wardian/sheets";
 * const { chunks, options } = await asCsv(file.stream(), { sheet: "Patients" });
 * ```
 */
export function asCsv(
  file: AsyncIterable<Uint8Array> | Iterable<Uint8Array> | ReadableStream<Uint8Array>,
  options?: RowsOptions & { sheet?: string | undefined },
  modules?: { sheets?: Source; lines?: Source },
): Promise<CsvText>;

/** What a file is that begins so; `undefined` if it is to be read as it is. */
export function kindOf(start: Uint8Array): "workbook" | "json-lines" | undefined;
