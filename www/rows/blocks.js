/**
 * A file as blocks of whole records, read one at a time: memory is a block's, however long the file. Quotes are read as the
 * parser reads them, since a line may end inside of one without ending the record.
 */

import { BLOCK_BYTES, LONGEST_RECORD } from "./limits.js";

const QUOTE = 0x22;
const SPACE = 0x20;
const RETURN = 0x0d;

/** An error that the page has a sentence for: `rows.refused.<code>`. */
export function refusal(code, values = {}) {
  return Object.assign(new Error(code), { code, values });
}

/**
 * Where the last whole record in these bytes ends, 0 if none does. `delimiter` and `newline` are bytes. The bytes begin
 * with a record.
 */
export function lastRecordEnd(bytes, delimiter, newline) {
  if (bytes.indexOf(QUOTE) === -1) {
    return bytes.lastIndexOf(newline) + 1;
  }
  const { length } = bytes;
  let end = 0;
  let at = 0;
  while (at < length) {
    if (bytes[at] === QUOTE) {
      // The quote that closes is followed by a delimiter or the record's end, with spaces between at most.
      for (at += 1; at < length; at += 1) {
        if (bytes[at] !== QUOTE) {
          continue;
        }
        let next = at + 1;
        if (bytes[next] === QUOTE) {
          at = next;
          continue;
        }
        while (bytes[next] === SPACE || (bytes[next] === RETURN && newline !== RETURN)) {
          next += 1;
        }
        if (next >= length || bytes[next] === delimiter || bytes[next] === newline) {
          at = next;
          break;
        }
      }
    }
    while (at < length && bytes[at] !== delimiter && bytes[at] !== newline) {
      at += 1;
    }
    if (at < length && bytes[at] === newline) {
      end = at + 1;
    }
    at += 1;
  }
  return end;
}

/** The blocks of `file` from byte `from` on. */
export async function* blocks(file, { from = 0, delimiter, newline }) {
  const codes = [delimiter, newline].map((character) => character.charCodeAt(0));
  for (let start = from; start < file.size; ) {
    let length = BLOCK_BYTES;
    let bytes;
    let end = 0;
    while (end === 0) {
      bytes = new Uint8Array(await file.slice(start, start + length).arrayBuffer());
      if (bytes.length < Math.min(length, file.size - start)) {
        throw refusal("changed");
      }
      end = start + bytes.length === file.size ? bytes.length : lastRecordEnd(bytes, ...codes);
      if (end === 0) {
        if (length >= LONGEST_RECORD) {
          throw refusal("long", { offset: start });
        }
        length = LONGEST_RECORD;
      }
    }
    start += end;
    yield end === bytes.length ? bytes : bytes.slice(0, end);
  }
}
