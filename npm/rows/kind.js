/** What a file of rows is, by its first bytes: which of them are CSV text, and which are to be made that. */

/** How workbooks begin: zip, and what Microsoft had before. */
const WORKBOOKS = [[0x50, 0x4b, 0x03, 0x04], [0xd0, 0xcf, 0x11, 0xe0]];
/** UTF-8's byte order mark. */
const MARK = [0xef, 0xbb, 0xbf];
const JSON_LIST = 'it is a JSON list: write an object a line, as pandas\' to_json(orient="records", lines=True) does';
/** How much of a file tells. */
export const TELLING_BYTES = 4096;

/** An error with a stable code. */
export const refused = (code, message) => Object.assign(new Error(message), { name: "WardianError", code });
export const begins = (bytes, magic) => magic.every((byte, place) => bytes[place] === byte);

/** What a file is that begins so: `"workbook"`, `"json-lines"`, or `undefined` if it is to be read as it is. A JSON list is refused. */
export function kindOf(start) {
  if (WORKBOOKS.some((magic) => begins(start, magic))) {
    return "workbook";
  }
  const [first, second] = String.fromCharCode(...start.subarray(begins(start, MARK) ? MARK.length : 0, TELLING_BYTES)).replace(/[\t\n\f\r ]+/g, "");
  if (first === "[" && (second === "{" || second === "[")) {
    throw refused("wrong_type", JSON_LIST);
  }
  return first === "{" ? "json-lines" : undefined;
}

const NUMBERS =
  "numbers are numbers in this kind of file, whatever sign they are shown with: --decimal and --thousands are of text. Cells of text that are to be numbers can be made numbers in the spreadsheet";

/** Refuses signs of numbers, of options or of a plan, for a file whose numbers are none of text. */
export function checkSigns(kind, { decimal, thousands }) {
  if (kind !== undefined && (thousands !== undefined || ![undefined, "."].includes(decimal))) {
    throw refused("invalid_option", NUMBERS);
  }
}

/** What is known of the text that is made of such a file, over what was said of the file. */
export function knownOf(kind, said) {
  checkSigns(kind, said);
  if (kind === undefined) {
    return said;
  }
  const known = { ...said, decimal: ".", encoding: "utf-8", delimiter: "," };
  return kind === "json-lines" ? { ...known, header: true } : known;
}

/** How many lines of that text the file does not have. */
export const madeLinesOf = (kind) => (kind === "json-lines" ? 1 : 0);
