// Ours beside the peers', in one run: every contender takes its turn in every round, so that a noisy machine is noisy to
// all alike. Run by `cargo xtask bench`.
//
//   node benches/run.mjs FOLDER PYTHON NATIVE PLAIN PACKAGE [--quick]
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { measureBrowser, measureLoads, measureStarts, START_TIMES } from "./load.mjs";
import { measureDownloads, measurePools, measureShipped, measureSizes } from "./package.mjs";
import { median } from "./turns.mjs";
import { askFresh, worker } from "./worker.mjs";

const quick = process.argv.includes("--quick");
const [folder, python, native, plain, page] = process.argv.slice(2, 7).map((argument) => path.resolve(argument));
const here = fileURLToPath(new URL(".", import.meta.url));
const ROUNDS = Number(process.env.WARDIAN_BENCH_ROUNDS ?? 5);
/** The longest points of the curves take a minute each. */
const CURVE_ROUNDS = Math.min(ROUNDS, 3);
const { shapes, rowsCurve, rowCounts } = JSON.parse(readFileSync(path.join(folder, "shapes.json"), "utf8"));
const COMMANDS = {
  node: ["node", "--expose-gc", path.join(here, "node.mjs"), folder, page],
  // A process of their own: what a peer's script is compiled to behind the scenes counts as its process's time.
  peers: ["node", "--expose-gc", path.join(here, "node.mjs"), folder, page],
  native: [native, folder],
  plain: [plain, folder],
  python: [python, "-B", "-W", "ignore", path.join(here, "peers.py"), folder],
};
const workers = {};
for (const [name, command] of Object.entries(COMMANDS)) {
  workers[name] = await worker(command, name === "python");
}
const { versions } = workers.python;

/** Whose time is taken: the process that is asked, its name there, and what else than a batch and a row it is asked. */
const OURS = {
  "Wardian, wasm in Node": { process: "node", peer: "wardian" },
  "Wardian, native": { process: "native", peer: "native" },
  "Wardian, plain crate": { process: "plain", peer: "native" },
};
const XGBOOST = { [`XGBoost ${versions.xgboost}`]: { process: "python", peer: "xgboost" } };
const PEERS = {
  [`GTIL, treelite ${versions.treelite}`]: { process: "python", peer: "gtil" },
  [`TL2cgen ${versions.tl2cgen}, compiled C`]: { process: "python", peer: "tl2cgen" },
  [`onnxruntime ${versions.onnxruntime}, native`]: { process: "python", peer: "onnxruntime" },
  "onnxruntime-web 1.30": { process: "peers", peer: "ort" },
  "m2cgen 0.10, JavaScript": { process: "peers", peer: "m2cgen", kinds: ["one"] },
  "gbdt 0.1.3": { process: "native", peer: "gbdt" },
  [`LightGBM ${versions.lightgbm}, trees of its own`]: { process: "python", peer: "lightgbm", kinds: ["batch", "one", "start"] },
  [`lleaves ${versions.lleaves}, LightGBM's trees`]: { process: "python", peer: "lleaves", kinds: ["batch", "one", "start"] },
  [`YDF ${versions.ydf}, trees of its own`]: { process: "python", peer: "ydf", kinds: ["batch"] },
  "YDF in JavaScript 0.0.4": { process: "peers", peer: "ydf", kinds: ["batch", "one"] },
};
const results = {};
const keep = (name, title, kind, value) => (((results[name] ??= {})[title] ??= {})[kind] = value);

/**
 * Asks every contender for each kind, in turn, so many rounds after one to warm up; medians are kept, or why there is none.
 * No rounds are a trial: what warms up is kept.
 */
async function inRounds(name, contenders, kindsOf, rounds) {
  const times = new Map();
  for (let round = 0; round <= rounds; round += 1) {
    for (const [title, contender] of Object.entries(contenders)) {
      for (const kind of kindsOf(contender)) {
        const key = `${title}\n${kind}`;
        const before = times.get(key) ?? [];
        if (!Array.isArray(before)) {
          continue;
        }
        const { value, cannot } = await workers[contender.process].ask(`${contender.peer} ${name} ${kind}`);
        times.set(key, cannot === undefined ? [...before, value] : { cannot });
      }
    }
  }
  for (const [key, each] of times) {
    const [title, kind] = key.split("\n");
    keep(name, title, kind, Array.isArray(each) ? median(each.slice(rounds > 0 ? 1 : 0)) : each);
  }
}

/** What each says of one thing, and what cannot. */
async function once(name, contenders, kind, ask) {
  for (const [title, contender] of Object.entries(contenders)) {
    if (contender.kinds?.includes(kind) ?? true) {
      const { value, cannot } = await ask(contender, `${contender.peer} ${name} ${kind}`);
      keep(name, title, kind, cannot === undefined ? value : { cannot });
    }
  }
}

/** Nothing is timed before our bits are XGBoost's, on every road. */
async function compareBits(name) {
  await once(name, OURS, "bits", (contender, line) => workers[contender.process].ask(line));
  for (const title of Object.keys(OURS)) {
    if (results[name][title].bits !== 1) {
      throw new Error(`${name}, ${title}: ${JSON.stringify(results[name][title].bits)} of XGBoost's bits`);
    }
  }
}

/** The peers but for those who have not the model, or answer far from XGBoost: that would be another one. */
async function peersThatAnswer(name) {
  await once(name, PEERS, "bits", ({ process }, line) => workers[process].ask(line));
  return Object.fromEntries(Object.entries(PEERS).filter(([title]) => results[name][title]?.bits?.cannot === undefined));
}

const started = Date.now();
const say = (what) => console.log(`${((Date.now() - started) / 1000).toFixed(0).padStart(4)} s  ${what}`);
const named = Object.keys(shapes).filter((name) => shapes[name].curve === "" && (shapes[name].quick || !quick));
for (const name of named) {
  await compareBits(name);
  const contenders = { ...OURS, ...XGBOOST, ...(quick ? {} : await peersThatAnswer(name)) };
  await inRounds(name, contenders, ({ kinds = ["batch", "one"] }) => kinds.filter((kind) => kind === "batch" || kind === "one"), ROUNDS);
  if (!quick) {
    await once(name, contenders, "start", ({ process }, line) => askFresh(COMMANDS[process], line, process === "python"));
    if (shapes[name].explained) {
      await inRounds(name, { ...OURS, ...XGBOOST }, () => ["explain", "explain-one"], ROUNDS);
    }
  }
  say(`${name}: ${Object.keys(contenders).length} contenders, ${ROUNDS} rounds`);
}

/** How the cost of a row grows with trees, features and rows. */
async function measureCurves() {
  const contenders = { "Wardian, wasm in Node": OURS["Wardian, wasm in Node"], "Wardian, native": OURS["Wardian, native"], ...XGBOOST };
  const curves = { trees: {}, features: {}, rows: {} };
  const point = async (curve, label, name, kind, rounds) => {
    await inRounds(name, contenders, () => [kind], rounds);
    curves[curve][label] = Object.fromEntries(Object.keys(contenders).map((title) => [title, results[name][title][kind]]));
    say(`curve over ${curve}: ${label}`);
  };
  for (const [name, { curve, title }] of Object.entries(shapes)) {
    if (curve !== "") {
      await compareBits(name);
      await point(curve, title, name, "batch", CURVE_ROUNDS);
    }
  }
  for (const count of rowCounts) {
    await point("rows", count.toLocaleString("en"), rowsCurve, `rows-${count}`, count > 1e6 ? 1 : CURVE_ROUNDS);
  }
  return curves;
}

const machine = `${cpus()[0].model.trim()}, ${cpus().length} cores, Node ${process.version}`;
const report = { machine, date: new Date().toISOString().slice(0, 10), rounds: ROUNDS, shapes };
report.clock = (await workers.native.ask(`native ${named[0]} clock`)).value;
if (!quick) {
  report.curves = await measureCurves();
  report.facts = Object.fromEntries(named.map((name) => [name, JSON.parse(readFileSync(path.join(folder, `${name}.facts.json`), "utf8"))]));
}
Object.values(workers).forEach(({ end }) => end());
if (!quick) {
  const browser = await measureBrowser(folder, page, named, ROUNDS);
  for (const [name, times] of Object.entries(browser)) {
    results[name]["Wardian, wasm in Chromium"] = times;
  }
  say("in Chromium");
  report.shipped = await measureShipped(page);
  report.pools = await measurePools(folder, page, ROUNDS);
  report.loads = await measureLoads(folder, page);
  report.starts = await measureStarts(folder, page);
  report.startTimes = START_TIMES;
  report.sizes = measureSizes(folder, named);
  report.downloads = measureDownloads(page);
  say("loads, starts, workers, sizes");
}
report.medians = Object.fromEntries(named.map((name) => [name, results[name]]));
writeFileSync(path.join(folder, quick ? "quick.json" : "results.json"), JSON.stringify(report, null, 1));
process.exit(0);
