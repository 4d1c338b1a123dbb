// Other trainers' own predictors beside ours, in one run: every contender takes its turn in every round. Run by
// `cargo xtask bench --trainers`, which writes the section of docs/BENCHMARKS.md between two marks.
//
//   node benches/trainers.mjs FOLDER PYTHON NATIVE PACKAGE REPORT
//
// With `ask FOLDER PACKAGE` it is the contender in Node: lines as benches/worker.mjs says.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";
import { inTurn, median, singles } from "./turns.mjs";
import { worker } from "./worker.mjs";

const script = fileURLToPath(import.meta.url);
const ROUNDS = Number(process.env.WARDIAN_BENCH_ROUNDS ?? 5);
const SINGLE_ROWS = 1000;

const doubles = (name) => {
  const { buffer, byteOffset, length } = readFileSync(name);
  return new Float64Array(buffer.slice(byteOffset, byteOffset + length));
};

async function answerLines(folder, place) {
  const { Model } = await import(pathToFileURL(path.join(place, "index.js")).href);
  const { convert } = await import(pathToFileURL(path.join(place, "converter.js")).href);
  const cases = new Map();
  const load = async (name) => {
    const file = (ending) => path.join(folder, `${name}.${ending}`);
    const model = new Model(await convert(readFileSync(file("model")), { onNote() {} }));
    const rows = doubles(file("rows.f64"));
    const width = model.description.features.length;
    const alone = Array.from({ length: SINGLE_ROWS }, (_, row) => rows.subarray(row * width, (row + 1) * width));
    return { model, rows, alone, count: rows.length / width, answers: doubles(file("answers.f64")) };
  };
  const kinds = {
    batch: async ({ model, rows, count }) => (await inTurn(() => model.predictMany(rows))) / count,
    one: ({ model, alone }) => singles(alone, (row) => model.predictValue(row)),
    bits: ({ model, rows, answers }) => {
      const ours = model.predictMany(rows);
      return ours.filter((value, index) => Object.is(value, answers[index])).length / Math.max(ours.length, answers.length);
    },
  };
  for await (const line of createInterface({ input: process.stdin })) {
    const [, name, kind] = line.split(" ");
    if (!cases.has(name)) {
      cases.set(name, await load(name));
    }
    console.log(JSON.stringify({ value: await kinds[kind](cases.get(name)) }));
  }
}

const micro = (seconds) => {
  const value = seconds * 1e6;
  return value >= 100 ? Math.round(value).toLocaleString("en") : value.toPrecision(3);
};

/** The table of one kind of question. */
function table(results, titles, kind) {
  const head = `| µs a row | Wardian, wasm in Node | Wardian, native | the trainer's own | lleaves, compiled |\n|---|---:|---:|---:|---:|\n`;
  const lines = Object.entries(titles).map(([name, title]) => {
    const of = (contender) => results[name][contender][kind];
    const beside = (time) => (time === undefined ? "–" : `${micro(time)} (${(time / of("wasm")).toFixed(1)}× wasm, ${(time / of("native")).toFixed(1)}× native)`);
    return `| ${title} | ${micro(of("wasm"))} | ${micro(of("native"))} | ${beside(of("trainer"))} | ${beside(of("lleaves"))} |`;
  });
  return head + lines.join("\n");
}

async function measure(folder, python, native, place, report) {
  const titles = JSON.parse(readFileSync(path.join(folder, "trainers.json"), "utf8"));
  const processes = {
    wasm: await worker(["node", script, "ask", folder, place]),
    native: await worker([native, folder]),
    python: await worker([python, "-B", "-W", "ignore", path.join(path.dirname(script), "trainers.py"), "ask", folder]),
  };
  const contenders = { wasm: "wasm other", native: "native other", trainer: "python trainer", lleaves: "python lleaves" };
  const results = {};
  for (const name of Object.keys(titles)) {
    for (const contender of ["wasm", "native"]) {
      const { value } = await processes[contender].ask(`other ${name} bits`);
      if (value !== 1) {
        throw new Error(`${name}, ${contender}: ${value} of the trainer's bits`);
      }
    }
    results[name] = Object.fromEntries(Object.keys(contenders).map((contender) => [contender, {}]));
    for (const kind of ["batch", "one"]) {
      const times = Object.fromEntries(Object.keys(contenders).map((contender) => [contender, []]));
      // The first round warms up.
      for (let round = 0; round <= ROUNDS; round += 1) {
        for (const [contender, words] of Object.entries(contenders)) {
          const [process, peer] = words.split(" ");
          const { value } = await processes[process].ask(`${peer} ${name} ${kind}`);
          if (value !== undefined && round > 0) {
            times[contender].push(value);
          }
        }
      }
      for (const [contender, each] of Object.entries(times)) {
        results[name][contender][kind] = each.length === 0 ? undefined : median(each);
      }
    }
    console.log(name, JSON.stringify(results[name]));
  }
  Object.values(processes).forEach((each) => each.end());
  const [begin, end] = ["<!-- trainers -->", "<!-- /trainers -->"];
  const section = `${begin}
## Other trainers' models, beside the trainers themselves

Written by \`cargo xtask bench --trainers\`, ${ROUNDS} rounds, one thread, the processor's time; 20,001 rows of 30 features, of 64-bit floats to two decimals.
Each is asked as its documents say first: LightGBM's \`predict\`, CatBoost's \`predict(prediction_type="Probability")\`, scikit-learn's
\`predict_proba\`. Our answers have their bits, on all rows. lleaves compiles LightGBM's models to machine code before it is asked.

A batch:

${table(results, titles, "batch")}

One row:

${table(results, titles, "one")}
${end}`;
  const text = readFileSync(report, "utf8");
  const place_ = [text.indexOf(begin), text.indexOf(end)];
  writeFileSync(report, place_[0] < 0 ? `${text.trimEnd()}\n\n${section}\n` : text.slice(0, place_[0]) + section + text.slice(place_[1] + end.length));
}

const [first, ...rest] = process.argv.slice(2);
await (first === "ask" ? answerLines(...rest) : measure(...[first, ...rest].map((argument) => path.resolve(argument))));
