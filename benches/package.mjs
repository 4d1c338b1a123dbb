// What is measured of the package beside its evaluating: workers, the shipped model, sizes and downloads.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { median, singles } from "./turns.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const POOLED = { name: "d6", features: 28, copies: 10 };

const opened = async (page, script) => import(pathToFileURL(path.join(page, script)));
async function engine(page) {
  const wardian = await opened(page, "wardian.js");
  wardian.loadSync(readFileSync(path.join(page, "engine_bg.wasm")));
  return wardian;
}

/** Seconds for each of 200,010 rows, shared out among so many workers: by the clock on the wall. */
export async function measurePools(folder, page, rounds) {
  const wardian = await engine(page);
  const { Pool } = await opened(page, "pool.js");
  const bytes = readFileSync(path.join(folder, `${POOLED.name}.wardian`));
  const source = readFileSync(path.join(page, "engine_bg.wasm"));
  const one = new Float32Array(Uint8Array.from(readFileSync(path.join(folder, `${POOLED.name}.rows.f32`))).buffer);
  const rows = new Float32Array(one.length * POOLED.copies);
  for (let copy = 0; copy < POOLED.copies; copy += 1) {
    rows.set(one, copy * one.length);
  }
  const pools = {};
  for (const workers of [1, 2]) {
    pools[workers] = { pool: await Pool.start(new wardian.Model(bytes), { bytes, source, workers }), times: [] };
  }
  for (let round = 0; round <= rounds; round += 1) {
    for (const each of Object.values(pools)) {
      const started = performance.now();
      await each.pool.predictMany(rows);
      each.times.push((performance.now() - started) / 1e3 / (rows.length / POOLED.features));
    }
  }
  return Object.fromEntries(Object.entries(pools).map(([workers, { pool, times }]) => (pool.close(), [workers, median(times.slice(rounds > 0 ? 1 : 0))])));
}

/** Seconds for one answer of the shipped model, an array in and a number, or named contributions, out. */
export async function measureShipped(page) {
  const wardian = await engine(page);
  const explaining = await opened(page, "explain.js");
  explaining.loadExplainerSync(readFileSync(path.join(page, "explain_bg.wasm")));
  const rows = [[1, 106, 70, 28, 135, 34.2, 0.142, 22]];
  const warm = (action) => median(Array.from({ length: 5 }, () => singles(rows, action)).slice(1));
  return { explain: warm(explaining.explain), predict: warm(wardian.predict) };
}

/** The bytes of each model's files. */
export function measureSizes(folder, names) {
  const bytes = (name, ending) => (existsSync(path.join(folder, `${name}.${ending}`)) ? statSync(path.join(folder, `${name}.${ending}`)).size : undefined);
  return Object.fromEntries(
    names.map((name) => [name, Object.fromEntries(["wardian", "ubj", "onnx", "so", "js"].map((ending) => [ending, bytes(name, ending)]))]),
  );
}

/** What is downloaded before a model. */
export function measureDownloads(page) {
  // Node's own zlib finds a hundredth less.
  const gzipped = (folder, ...names) =>
    names.reduce((sum, name) => sum + execFileSync("gzip", ["-9nc", path.join(folder, name)], { maxBuffer: 1 << 26 }).length, 0);
  const modules = path.join(here, "node_modules");
  return {
    "Wardian, what the page takes": gzipped(path.join(here, "../www/dist"), "engine_bg.wasm", "wardian.js"),
    "Wardian, any model": gzipped(page, "engine_bg.wasm", "wardian.js"),
    "onnxruntime-web 1.30": gzipped(
      path.join(modules, "onnxruntime-web/dist"),
      "ort.wasm.min.mjs",
      "ort-wasm-simd-threaded.wasm",
      "ort-wasm-simd-threaded.mjs",
    ),
    "YDF 0.0.4": gzipped(path.join(modules, "ydf-inference/dist"), "inference.wasm", "inference.js"),
  };
}
