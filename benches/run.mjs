// Ours beside the peers', in one run: every contender takes its turn in every round, so that a noisy machine is noisy to
// all alike. Run by `cargo xtask bench`.
//
//   node benches/run.mjs FOLDER PYTHON NATIVE-BENCH PAGE-FOLDER
import { execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";
import { START_TIMES, measureBatches, measureLoads, measureStarts } from "./load.mjs";

const [folder, python, native, page] = process.argv.slice(2).map((argument) => path.resolve(argument));
const here = fileURLToPath(new URL(".", import.meta.url));
/** As natively, and as XGBoost: its contributions take milliseconds a row. */
const EXPLAINED_ROWS = 256;
const EXPLAINED_SINGLE_ROWS = 50;
const ROUNDS = Number(process.env.WARDIAN_BENCH_ROUNDS ?? 5);
const SINGLE_ROWS = 1000;
const MODELS = {
  d3: { title: "100 trees, depth 3", features: 8, classes: 2 },
  d6: { title: "500 trees, depth 6", features: 28, classes: 2 },
  multi: { title: "2600 trees, depth 6, 26 classes", features: 16, classes: 26 },
  d8: { title: "2000 trees, depth 8", features: 28, classes: 2 },
};
/** XGBoost would take minutes for the contributions of the larger ones. */
const EXPLAINED = ["d3", "d6"];
const file = (name, ending) => path.join(folder, `${name}.${ending}`);
const read = (name, ending) => readFileSync(file(name, ending));
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const now = () => performance.now() / 1e3;

/** A process that is asked for one measurement a line. */
function worker(command, args) {
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "ignore"], cwd: path.join(here, "..") });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    next: async () => JSON.parse((await lines.next()).value ?? '{"cannot":"it ended"}'),
    async ask(line) {
      child.stdin.write(`${line}\n`);
      return this.next();
    },
    end: () => child.stdin.end(),
  };
}

async function seconds(action) {
  const started = now();
  await action();
  return now() - started;
}

/** How long a turn is, in seconds: what is done sooner is done again, and the median counts. */
const TURN = 0.05;

/** The seconds that `action` takes. */
async function secondsInTurn(action) {
  const each = [];
  const started = now();
  do {
    each.push(await seconds(action));
  } while (now() - started < TURN);
  return median(each);
}

async function medianOfSingles(rows, action) {
  const each = [];
  for (const row of rows) {
    // The clock itself takes as long as a small model: time several at once where they are fast.
    const started = now();
    await action(row);
    each.push(now() - started);
  }
  return median(each);
}

/**
 * The seconds for one row where one alone is too short for the clock: the median over groups of 50. Asked ten times, as
 * what takes a microsecond is at full speed only after some thousand calls.
 */
function medianOfFastSingles(rows, action) {
  const each = [];
  for (let pass = 0; pass < 10; pass += 1) {
    for (let start = 0; start + 50 <= rows.length; start += 50) {
      const started = now();
      for (let index = start; index < start + 50; index += 1) {
        action(rows[index]);
      }
      each.push((now() - started) / 50);
    }
  }
  return median(each);
}

const wardian = await import(pathToFileURL(path.join(page, "wardian.js")));
wardian.loadSync(readFileSync(path.join(page, "engine_bg.wasm")));
const explaining = await import(pathToFileURL(path.join(page, "explain.js")));
explaining.loadExplainerSync(readFileSync(path.join(page, "explain_bg.wasm")));
const converter = await import(pathToFileURL(path.join(page, "convert.js")));
await converter.default({ module_or_path: readFileSync(path.join(page, "convert_bg.wasm")) });
const ort = await import("onnxruntime-web");
ort.env.wasm.numThreads = 1;
ort.env.logLevel = "error";
const { default: createYdf } = await import("ydf-inference");
const ydf = await createYdf();
const pythonPeers = worker(python, ["-B", "-W", "ignore", path.join(here, "peers.py"), folder]);
const versions = await pythonPeers.next();
const nativePeers = worker(native, [folder]);

/** What can be measured of a model: a name, and for each kind a function to the seconds of one row. */
async function contenders(name, { features, classes }) {
  const bytes = read(name, "rows.f32");
  const rows = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  const count = rows.length / features;
  const arrays = Array.from({ length: SINGLE_ROWS }, (_, row) => Array.from(rows.subarray(row * features, (row + 1) * features)));
  const found = {};

  const model = new wardian.Model(read(name, "wardian"));
  const margins = new Uint8Array(model.marginsMany(rows).buffer);
  if (Buffer.compare(margins, read(name, "margins.f32")) !== 0) {
    throw new Error(`${name}: our margins are not XGBoost's`);
  }
  found["Wardian, wasm in Node"] = {
    batch: async () => (await secondsInTurn(() => model.predictMany(rows))) / count,
    one: async () => medianOfFastSingles(arrays, (row) => model.predictValue(row)),
  };
  if (EXPLAINED.includes(name)) {
    // The benchmark's own files have no covers, as those of other formats have none.
    const bytes = converter.convert(new Uint8Array(read(name, "ubj")));
    const explainer = new explaining.Explainer(new wardian.Model(bytes), bytes);
    const some = rows.subarray(0, EXPLAINED_ROWS * features);
    Object.assign(found["Wardian, wasm in Node"], {
      explain: async () => (await secondsInTurn(() => explainer.explainMany(some))) / EXPLAINED_ROWS,
      "explain-one": async () => medianOfFastSingles(arrays.slice(0, EXPLAINED_SINGLE_ROWS), (row) => explainer.explain(row)),
    });
  }
  const asked = (peer, line) => async () => {
    const { seconds: time, cannot } = await peer.ask(line);
    if (cannot !== undefined) {
      throw new Error(cannot);
    }
    return time;
  };
  const KINDS = ["batch", "one", ...(EXPLAINED.includes(name) ? ["explain", "explain-one"] : [])];
  const askedAll = (workers, peer) => Object.fromEntries(KINDS.map((kind) => [kind, asked(workers, `${peer} ${name} ${kind}`)]));
  found["Wardian, native"] = askedAll(nativePeers, "native");
  found[`XGBoost ${versions.xgboost}, native`] = askedAll(pythonPeers, "xgboost");

  const session = await ort.InferenceSession.create(read(name, "onnx"), { executionProviders: ["wasm"] });
  const tensor = (data) => ({ [session.inputNames[0]]: new ort.Tensor("float32", data, [data.length / features, features]) });
  // Only the probabilities: the labels are the other output.
  const output = session.outputNames.at(-1);
  found["onnxruntime-web 1.30"] = {
    batch: async () => (await secondsInTurn(() => session.run(tensor(rows), [output]))) / count,
    one: async () => medianOfSingles(arrays, (row) => session.run(tensor(Float32Array.from(row)), [output])),
  };
  if (existsSync(file(name, "so"))) {
    found["TL2cgen 1.0, compiled C"] = { batch: asked(pythonPeers, `tl2cgen ${name} batch`), one: asked(pythonPeers, `tl2cgen ${name} one`) };
  }
  if (existsSync(file(name, "js"))) {
    const score = new Function(`${read(name, "js")}; return score;`)();
    const some = arrays.slice(0, SINGLE_ROWS);
    found["m2cgen 0.10, JavaScript"] = { one: async () => medianOfFastSingles(some, score) };
  }
  if (classes === 2 && existsSync(file(name, "gbdt.txt"))) {
    found["gbdt 0.1.3, native"] = { batch: asked(nativePeers, `gbdt ${name} batch`) };
  }
  if (existsSync(file(name, "ydf.zip"))) {
    const other = await ydf.loadModelFromZipBlob(read(name, "ydf.zip"));
    const columns = (from, to) =>
      Object.fromEntries(
        Array.from({ length: features }, (_, feature) => [
          `f${feature}`,
          Array.from({ length: to - from }, (_, row) => rows[(from + row) * features + feature]),
        ]),
      );
    const all = columns(0, count);
    const singles = Array.from({ length: 200 }, (_, row) => columns(row, row + 1));
    found["YDF 0.0.4, a model of its own"] = {
      batch: async () => (await secondsInTurn(() => other.predict(all))) / count,
      one: async () => medianOfSingles(singles, (row) => other.predict(row)),
    };
  }
  return found;
}

const results = {};
for (const [name, shape] of Object.entries(MODELS)) {
  const found = await contenders(name, shape);
  results[name] = {};
  // One round to warm up, whose times are not kept.
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [contender, kinds] of Object.entries(found)) {
      const kept = (results[name][contender] ??= {});
      for (const [kind, measure] of Object.entries(kinds)) {
        if (kept[kind]?.cannot !== undefined) {
          continue;
        }
        try {
          const time = await measure();
          kept[kind] ??= [];
          if (round > 0) {
            kept[kind].push(time);
          }
        } catch (error) {
          kept[kind] = { cannot: error.message };
        }
      }
    }
  }
  console.log(`${name}: ${Object.keys(found).length} contenders, ${ROUNDS} rounds`);
}
pythonPeers.end();
nativePeers.end();

/** Microseconds a row of 200,010 rows of `d6`, shared out among so many workers. */
async function measurePools() {
  const { Pool } = await import(pathToFileURL(path.join(page, "pool.js")));
  const bytes = read("d6", "wardian");
  const source = readFileSync(path.join(page, "engine_bg.wasm"));
  const one = new Float32Array(Uint8Array.from(read("d6", "rows.f32")).buffer);
  const rows = new Float32Array(one.length * 10);
  for (let copy = 0; copy < 10; copy += 1) {
    rows.set(one, copy * one.length);
  }
  const pools = {};
  for (const workers of [1, 2]) {
    pools[workers] = { pool: await Pool.start(new wardian.Model(bytes), { bytes, source, workers }), times: [] };
  }
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const each of Object.values(pools)) {
      const time = await seconds(() => each.pool.predictMany(rows));
      if (round > 0) {
        each.times.push(time / (rows.length / MODELS.d6.features));
      }
    }
  }
  return Object.fromEntries(Object.entries(pools).map(([workers, { pool, times }]) => (pool.close(), [workers, median(times)])));
}

/** Seconds for one explanation of the shipped model, an array in and named contributions out. */
const diabetes = (() => {
  const row = [1, 106, 70, 28, 135, 34.2, 0.142, 22];
  const rows = Array.from({ length: SINGLE_ROWS }, () => row);
  return { explain: medianOfFastSingles(rows, explaining.explain), predict: medianOfFastSingles(rows, wardian.predict) };
})();
const pools = await measurePools();
const loads = await measureLoads(folder, page);
const starts = await measureStarts(folder, page);
const chromium = await measureBatches(folder, page, Object.keys(MODELS), ROUNDS);
for (const [name, time] of Object.entries(chromium)) {
  results[name]["Wardian, wasm in Chromium"] = { batch: [time] };
}
const sizes = Object.fromEntries(
  Object.keys(MODELS).map((name) => {
    const { splitCount } = new wardian.Model(read(name, "wardian")).description;
    const bytes = (ending) => (existsSync(file(name, ending)) ? statSync(file(name, ending)).size : undefined);
    return [name, { splitCount, wardian: bytes("wardian"), ubj: bytes("ubj"), onnx: bytes("onnx"), so: bytes("so"), js: bytes("js") }];
  }),
);
// Node's own zlib finds a hundredth less.
const gzipped = (...paths) => paths.reduce((sum, each) => sum + execFileSync("gzip", ["-9nc", each], { maxBuffer: 1 << 26 }).length, 0);
const modules = path.join(here, "node_modules");
const downloads = {
  "Wardian, what the page takes": gzipped(...["engine_bg.wasm", "wardian.js"].map((name) => path.join(here, "../www/dist", name))),
  "Wardian, any model": gzipped(...["engine_bg.wasm", "wardian.js"].map((name) => path.join(page, name))),
  "onnxruntime-web 1.30": gzipped(...["ort.wasm.min.mjs", "ort-wasm-simd-threaded.wasm", "ort-wasm-simd-threaded.mjs"].map((name) => path.join(modules, "onnxruntime-web/dist", name))),
  "YDF 0.0.4": gzipped(...["inference.wasm", "inference.js"].map((name) => path.join(modules, "ydf-inference/dist", name))),
};
const medians = Object.fromEntries(
  Object.entries(results).map(([name, found]) => [
    name,
    Object.fromEntries(
      Object.entries(found).map(([contender, kinds]) => [
        contender,
        Object.fromEntries(Object.entries(kinds).map(([kind, times]) => [kind, Array.isArray(times) ? median(times) : times])),
      ]),
    ),
  ]),
);
const machine = `${cpus()[0].model.trim()}, ${cpus().length} cores, Node ${process.version}`;
const date = new Date().toISOString().slice(0, 10);
const titles = Object.fromEntries(Object.entries(MODELS).map(([name, { title }]) => [name, title]));
writeFileSync(path.join(folder, "results.json"), JSON.stringify({ machine, date, titles, medians, diabetes, pools, loads, starts, startTimes: START_TIMES, sizes, downloads, rounds: ROUNDS }, null, 1));
process.exit(0);
