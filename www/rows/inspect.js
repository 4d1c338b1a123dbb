/** What kind of table a file is, from its beginning. */
import Papa from "papaparse";
import { refusal } from "./blocks.js";
import { MOST_COLUMNS, PREVIEW_ROWS } from "./limits.js";
import { records, textOf } from "./score.js";

const DELIMITERS = [",", ";", "\t", "|"];
const startsWith = (bytes, ...codes) => codes.every((code, index) => bytes[index] === code);

/**
 * `{ delimiter, newline, ending, bom, width, rows }` of the file that begins with `bytes` and is `size` long: `newline` ends a
 * record for the parser, `ending` is what lines end with, `width` the cells of a row, `rows` the first of them.
 */
export function inspect(bytes, size) {
  if (startsWith(bytes, 0xff, 0xfe) || startsWith(bytes, 0xfe, 0xff)) {
    throw refusal("utf16");
  }
  if (bytes.includes(0)) {
    throw refusal(startsWith(bytes, 0x50, 0x4b) ? "spreadsheet" : "binary");
  }
  const bom = startsWith(bytes, 0xef, 0xbb, 0xbf);
  const newline = bytes.includes(0x0a) || !bytes.includes(0x0d) ? "\n" : "\r";
  const whole = bytes.length >= size;
  // A record that is cut off is none; but quotes must not be read before it is known what ends cells.
  const end = whole ? bytes.length : bytes.lastIndexOf(newline.charCodeAt(0)) + 1;
  if (end === 0 && size > 0) {
    throw refusal("long", { offset: 0 });
  }
  const text = textOf(bytes.subarray(0, end));
  // Enough to tell by; guessing parses all that it is given once for each delimiter that may be.
  const sample = text.slice(0, 65536);
  const { delimiter } = Papa.parse(sample, { preview: PREVIEW_ROWS, newline, delimitersToGuess: DELIMITERS, skipEmptyLines: true }).meta;
  const widest = sample.split(newline, 1)[0].split(delimiter).length;
  if (widest > MOST_COLUMNS) {
    throw refusal("wide", { count: widest, most: MOST_COLUMNS });
  }
  const rows = records(text.slice(0, 4 * 65536), { delimiter, newline }).records.slice(0, PREVIEW_ROWS);
  if (rows.length === 0) {
    throw refusal("empty");
  }
  const ending = newline === "\n" && /\r\n/.test(sample) ? "\r\n" : newline;
  return { delimiter, newline, ending, bom, width: rows[0].length, rows };
}
