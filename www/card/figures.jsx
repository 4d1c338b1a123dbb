/** The card's figures: numbers with their spread, and tables of whatever columns. */
import { Wide } from "../app/Wide.jsx";
import { number, percent, t } from "../i18n/index.js";

export const three = { minimumFractionDigits: 3, maximumFractionDigits: 3 };
const decimals = (value) => number(value, three);
const plain = (value) => number(value, { maximumSignificantDigits: 4 });

/** A figure of a card: a number, one with its spread or its range, a text, or nothing. */
export function figure(value, write = plain) {
  if (typeof value === "number") {
    return write(value);
  }
  if (typeof value === "string") {
    return value;
  }
  const { mean, sd, value: own, low, high } = Object(value);
  if (typeof mean === "number" && typeof sd === "number") {
    return t("card.spread", { mean: write(mean), sd: write(sd) });
  }
  if ([own, low, high].every((each) => typeof each === "number")) {
    return t("card.range", { value: write(own), low: write(low), high: write(high) });
  }
  return typeof mean === "number" ? write(mean) : "–";
}

/** How the scores that the page knows by name are written. */
export const SCORES = { auc: decimals, brier: decimals, accuracy: (value) => percent(value, 1), slope: decimals, intercept: decimals };

/** `{ columns, rows, caption }` as a table; what is no such thing is nothing. */
export function Table({ table, label }) {
  const { columns, rows, caption } = Object(table);
  if (!Array.isArray(columns) || !Array.isArray(rows)) {
    return null;
  }
  return (
    <Wide label={caption ?? label}>
      <table class="figures-table">
        {caption && <caption dir="auto">{caption}</caption>}
        <thead><tr>{columns.map((name, place) => <th key={place} scope="col" dir="auto">{figure(name)}</th>)}</tr></thead>
        <tbody>
          {rows.filter(Array.isArray).map((row, place) => (
            <tr key={place}>
              {row.map((value, column) => (column === 0 ? <th key={column} scope="row" dir="auto">{figure(value)}</th> : <td key={column}>{figure(value)}</td>))}
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}
