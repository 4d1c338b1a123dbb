/** The golden rows of the case, as a file to try with. */
import { goldenRows } from "../proof/golden.js";

const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const cell = (value) => (value === null ? "" : typeof value === "string" ? quoted(value) : String(value));

export async function sampleFile({ name }) {
  const { columns, rows } = await goldenRows();
  const lines = [columns.map(quoted), ...rows.map((row) => row.map(cell))].map((line) => `${line.join(",")}\n`);
  return new File(lines, `${name.replace(/[^\p{L}\p{N}._-]+/gu, "-")}.csv`, { type: "text/csv" });
}
