// How many times as long as ours XGBoost takes, of this run and of the last that was kept: a fall shows.
//
//   node benches/ratios.mjs RESULTS LAST [--keep]
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const [results, kept] = process.argv.slice(2);
/** What is lost by noise alone is less. */
const FALL = 0.85;
const { medians, shapes, date, machine } = JSON.parse(readFileSync(results, "utf8"));
const last = existsSync(kept) ? JSON.parse(readFileSync(kept, "utf8")) : { ratios: {} };

const ratios = {};
for (const [name, found] of Object.entries(medians).filter(([name]) => shapes[name].quick)) {
  const peer = Object.keys(found).find((title) => title.startsWith("XGBoost"));
  ratios[name] = {};
  for (const kind of ["batch", "one"]) {
    for (const title of ["Wardian, wasm in Node", "Wardian, native", "Wardian, plain crate"]) {
      ratios[name][`${title.slice(9)}, ${kind}`] = Number((found[peer][kind] / found[title][kind]).toPrecision(3));
    }
  }
}

const columns = Object.keys(Object.values(ratios)[0]);
const cell = (text, width = 21) => String(text).padStart(width);
console.log(`XGBoost takes so many times as long as ours (in brackets ${last.date ? `on ${last.date}, ${last.machine}` : "there is no run to compare with"})`);
console.log([" ".repeat(44), ...columns.map((column) => cell(column))].join(""));
let falls = 0;
for (const [name, each] of Object.entries(ratios)) {
  const cells = columns.map((column) => {
    const before = last.ratios[name]?.[column];
    const fell = before !== undefined && each[column] < before * FALL;
    falls += fell ? 1 : 0;
    return cell(`${fell ? "↓ " : ""}${each[column]}${before === undefined ? "" : ` (${before})`}`);
  });
  console.log([shapes[name].title.padEnd(44), ...cells].join(""));
}
console.log(`${falls} fell by more than 15 %${falls ? ": ↓" : ""}`);
if (process.argv.includes("--keep")) {
  writeFileSync(kept, `${JSON.stringify({ date, machine, ratios }, null, 1)}\n`);
  console.log(`written: ${kept}`);
}
