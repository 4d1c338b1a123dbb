/** A row that was pasted, in whatever form: `{ texts, count, unknown }`, texts in the features' order; a pure function. */
import { cellsOf } from "../person/cells.js";

/** The cells of a line, and which of commas, semicolons and tabs is between them. */
function partsOf(line) {
  const sign = ["\t", ";", ","].find((each) => line.includes(each)) ?? ",";
  return { cells: cellsOf(line, sign).map((cell) => cell.trim()), sign };
}

const textOf = (value) => (value === null || value === undefined || (typeof value === "number" && Number.isNaN(value)) ? "" : typeof value === "boolean" ? String(Number(value)) : String(value));

/** A decimal comma, where cells are not parted by commas. */
const withPoint = (text, sign) => (sign !== "," && /^[+-]?\d+,\d+$/.test(text) ? text.replace(",", ".") : text);

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
  const parts = text.split(/[\n;]+|,(?=[^,=:]+[=:])/).map((part) => part.trim()).filter(Boolean);
  const pairs = parts.map((part) => /^(.+?)\s*[=:]\s*(.*)$/s.exec(part));
  return pairs.length > 0 && pairs.every(Boolean) ? pairs.map(([, name, value]) => [name.trim(), value.trim()]) : undefined;
}

/** Names and texts of two lines, of which the first has the names: some that `isKnown`. */
function ofLines([names, row], isKnown) {
  const { cells } = partsOf(names);
  if (row === undefined || !cells.some(isKnown)) {
    return undefined;
  }
  const { cells: texts, sign } = partsOf(row);
  return cells.map((name, index) => [name, withPoint(texts[index] ?? "", sign)]);
}

/** Names and texts of a line that has texts alone, in the features' order. */
function inOrder(line, features) {
  const { cells, sign } = partsOf(line);
  return cells.slice(0, features.length).map((cell, index) => [features[index].name, withPoint(cell, sign)]);
}

export function rowOf(text, features) {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  if (lines.length === 0) {
    return { texts: features.map(() => ""), count: 0, unknown: [] };
  }
  const plain = (name) => name.trim().toLocaleLowerCase().replaceAll(/[\s_-]+/g, " ");
  const known = new Map();
  features.forEach(({ name, label }, index) => {
    // A name counts before a label.
    known.has(plain(label)) || known.set(plain(label), index);
  });
  features.forEach(({ name }, index) => known.set(plain(name), index));
  const pairs = ofJson(text) ?? ofLines(lines, (name) => known.has(plain(name))) ?? ofPairs(text) ?? inOrder(lines[0], features);
  const texts = features.map(() => "");
  const unknown = [];
  let count = 0;
  for (const [name, value] of pairs) {
    const index = known.get(plain(name));
    if (index === undefined) {
      unknown.push(name);
    } else if (!/^(|na|nan|null|none)$/i.test(value)) {
      texts[index] = value;
      count += 1;
    }
  }
  return { texts, count, unknown };
}
