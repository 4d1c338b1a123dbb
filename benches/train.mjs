// How long training takes, natively and in wasm, in one run: 100,000 rows × 20 features × 100 trees of depth 3.
//
// node benches/train.mjs [ROWS] [TREES], after `cargo xtask build` and `cargo build --release --features cli`. Both are asked three times
// in turn, and the least of each is told.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Training, read } from "../tests/e2e/train.mjs";

const command = process.env.WARDIAN_COMMAND ?? fileURLToPath(new URL("../target/release/wardian", import.meta.url));
const [rows = 100_000, trees = 100] = process.argv.slice(2).map(Number);
const FEATURES = 20;
const TIMES = 3;

let state = 1;
const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
const lines = [[...Array.from({ length: FEATURES }, (_, feature) => `f${feature}`), "label"].join(",")];
for (let row = 0; row < rows; row += 1) {
  const values = Array.from({ length: FEATURES }, () => next().toFixed(6));
  const score = values[0] * 2 + values[1] * values[2] + (values[3] > 0.5 ? 1 : 0) + next();
  lines.push([...values, Number(score > 2.2)].join(","));
}
const bytes = Buffer.from(`${lines.join("\n")}\n`);
const folder = mkdtempSync(path.join(os.tmpdir(), "wardian-train-"));
const [data, output] = [path.join(folder, "rows.csv"), path.join(folder, "model.wardian")];
writeFileSync(data, bytes);

const seconds = (action) => {
  const start = performance.now();
  action();
  return (performance.now() - start) / 1000;
};
let ours;
const least = { native: Infinity, wasm: Infinity, reading: Infinity, growing: Infinity };
for (let time = 0; time < TIMES; time += 1) {
  least.native = Math.min(least.native, seconds(() => execFileSync(command, ["train", data, "--label", "label", "-o", output, "--trees", `${trees}`], { stdio: "pipe" })));
  let table;
  const reading = seconds(() => (table = read(bytes, { label: "label" })));
  const growing = seconds(() => {
    const training = new Training(table, { trees });
    while (training.step() < trees);
    ours = training.finish();
  });
  least.wasm = Math.min(least.wasm, reading + growing);
  least.reading = Math.min(least.reading, reading);
  least.growing = Math.min(least.growing, growing);
}
const same = Buffer.from(ours).equals(readFileSync(output));
rmSync(folder, { recursive: true });
console.log(`${rows} rows, ${FEATURES} features, ${trees} trees: native ${least.native.toFixed(2)} s, in wasm ${least.wasm.toFixed(2)} s (reading ${least.reading.toFixed(2)}, growing ${least.growing.toFixed(2)}): ${(least.wasm / least.native).toFixed(2)} times; the same bytes: ${same}`);
if (!same) process.exitCode = 1;
