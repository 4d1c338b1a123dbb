/** A row that was pasted, in whatever form: `{ texts, count, unknown, isMore }`, texts in the features' order; a pure function. */
import { cellsOf } from "../person/cells.js";

/**
 * The cells of a line, and which of commas, semicolons and tabs is between them: one that is neither in quotation marks nor at the end, where
 * signs stand for values that are missing, or for nothing.
 */
function partsOf(line) {
  const bare = line.replaceAll(/ *("(?:[^"]|"")*") */g, "$1").replace(/[\s;,]+$/, "");
  const outside = bare.replaceAll(/"(?:[^"]|"")*"/g, "");
  const sign = ["\t", ";", ","].find((each) => outside.includes(each)) ?? ",";
  return { cells: cellsOf(bare, sign).map((cell) => cell.trim()), sign };
}

const textOf = (value) => (value === null || value === undefined || (typeof value === "number" && Number.isNaN(value)) ? "" : String(value));

/** A decimal comma. Where cells are parted by commas, `1,234` may be a thousand and more: that is left for the form to ask about. */
const withPoint = (text, sign) => (/^[+-]?\d+,\d+$/.test(text) && !(sign === "," && /^\D?[1-9]\d{0,2},\d{3}$/.test(text)) ? text.replace(",", ".") : text);

/** Texts that are missing in a file of rows, as `src/field.rs` has them. */
const MISSING = /^(|na|[+-]*nan)$/i;
const MISSING_IN_FILES = /^(#N\/A( N\/A)?|#NA|-?1\.#(IND|QNAN)|<NA>|N\/A|n\/a|NULL|null|None)$/;
/** Whether a text is no value of a feature; a category may be called `None`. */
const isMissing = (text, { categories }) => !categories.includes(text) && (MISSING.test(text) || MISSING_IN_FILES.test(text));

/** A truth as the feature has it, and as files of rows are read: the category that Python calls so, or 1 and 0. */
function withTruth(text, { categories }) {
  if (!/^(true|false|True|False|TRUE|FALSE)$/.test(text) || categories.includes(text)) {
    return text;
  }
  const name = /^t/i.test(text) ? "True" : "False";
  if (categories.length === 0) {
    return name === "True" ? "1" : "0";
  }
  return categories.every((each) => /^(True|False)$/.test(each)) ? name : text;
}

/** Names and texts of a JSON object, of its only row. */
function ofJson(text) {
  try {
    const value = [JSON.parse(text)].flat()[0];
    return typeof value === "object" && value !== null ? Object.entries(value).map(([name, each]) => [name, textOf(each)]) : undefined;
  } catch {
    return undefined;
  }
}

/** Names and texts of `name=value` pairs, or `name: value`, one a line or between commas. */
function ofPairs(text) {
  const parts = text.split(/[\n;]+|,(?=[^,=:\n]+[=:])/).map((part) => part.trim().replace(/[\s,]+$/, "")).filter(Boolean);
  const pairs = parts.map((part) => /^(.+?)\s*[=:]\s*(.*)$/s.exec(part));
  return pairs.length > 0 && pairs.every(Boolean) ? pairs.map(([, name, value]) => [name.trim(), withPoint(value.trim().replace(/^"(.*)"$/s, "$1"), ",")]) : undefined;
}

/** Names and texts of two lines, of which the first has the names: some that `isKnown`. */
function ofLines([names, row], isKnown) {
  if (row === undefined) {
    return undefined;
  }
  const { cells } = partsOf(names);
  if (!cells.some(isKnown)) {
    return undefined;
  }
  const { cells: texts, sign } = partsOf(row);
  return cells.map((name, index) => [name, withPoint(texts[index] ?? "", sign)]);
}

/**
 * Names and texts of a line that has texts alone, or of lines of one each, in the features' order. Nothing where there are more: an index in front,
 * or a label behind, and nobody can tell which.
 */
function inOrder(lines, features) {
  const parts = lines.map(partsOf);
  const isOneRow = parts.length === 1 || parts.every(({ cells }) => cells.length === 1);
  const texts = parts.flatMap(({ cells, sign }) => cells.map((cell) => withPoint(cell, sign)));
  return isOneRow && texts.length <= features.length ? texts.map((text, index) => [features[index].name, text]) : undefined;
}

/** A list of JSON's or of Python's has its values between brackets. */
const withoutBrackets = (lines) => (/^\s*\[.*\]\s*$/s.test(lines.join("\n")) ? lines.map((line) => line.replaceAll(/^\s*\[|\]\s*$/g, "")).filter((line) => line.trim() !== "") : lines);

export function rowOf(text, features) {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  const plain = (name) => name.trim().toLocaleLowerCase().replaceAll(/[\s_-]+/g, " ");
  const known = new Map();
  features.forEach(({ name, label }, index) => {
    // A name counts before a label.
    known.has(plain(label)) || known.set(plain(label), index);
  });
  features.forEach(({ name }, index) => known.set(plain(name), index));
  const pairs = ofJson(text) ?? ofLines(lines, (name) => known.has(plain(name))) ?? ofPairs(text) ?? inOrder(withoutBrackets(lines), features);
  const texts = features.map(() => "");
  const unknown = [];
  for (const [name, value] of (pairs ?? []).filter(([name]) => name !== "")) {
    const index = known.get(plain(name));
    if (index === undefined) {
      unknown.push(name);
    } else if (!isMissing(value, features[index])) {
      texts[index] = withTruth(value, features[index]);
    }
  }
  return { texts, count: texts.filter(Boolean).length, unknown, isMore: pairs === undefined };
}
