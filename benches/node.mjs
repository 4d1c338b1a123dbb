// Ours in wasm, and the peers that are JavaScript's, asked as worker.mjs says.
//
//   node benches/node.mjs FOLDER PACKAGE
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { inTurn, now, singles, singlesLater } from "./turns.mjs";

const [folder, page] = process.argv.slice(2).map((argument) => path.resolve(argument));
const SINGLE_ROWS = 1000;
const EXPLAINED_ROWS = 256;
const EXPLAINED_SINGLE_ROWS = 20;
const BLOCK_ROWS = 1_000_000;
const COPIES = 4;
/** What every peer has loaded before it is asked what a model costs. */
const SMALLEST = "d3";
const { shapes } = JSON.parse(readFileSync(path.join(folder, "shapes.json"), "utf8"));
const file = (name, ending) => path.join(folder, `${name}.${ending}`);
/** The bytes of a file, or why a peer has none. */
function read(name, ending) {
  if (!existsSync(file(name, ending))) {
    const reason = file(name, `${ending}.cannot`);
    throw new Error(existsSync(reason) ? readFileSync(reason, "utf8") : "it was not converted");
  }
  return readFileSync(file(name, ending));
}

/** What is made once for a key. */
function once(make) {
  const made = new Map();
  return (...key) => {
    const text = key.join(" ");
    if (!made.has(text)) {
      made.set(text, make(...key));
    }
    return made.get(text);
  };
}

const numbers = (name, kind) => {
  const { buffer, byteOffset, byteLength } = read(name, `${kind}.f32`);
  return new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength));
};
const rows = once((name) => numbers(name, "rows"));
const arrays = once((name) => {
  const { features } = shapes[name];
  return Array.from({ length: SINGLE_ROWS }, (_, row) => Array.from(rows(name).subarray(row * features, (row + 1) * features)));
});
const count = (name) => rows(name).length / shapes[name].features;

/** The share of answers with XGBoost's bits. */
function same(answers, expected) {
  const [ours, theirs] = [answers, expected].map(({ buffer, byteOffset, length }) => new Uint32Array(buffer, byteOffset, length));
  return ours.length === theirs.length ? ours.reduce((sum, bits, index) => sum + (bits === theirs[index] ? 1 : 0), 0) / ours.length : 0;
}

/** That, of a peer: far from them would be another model. */
function near(answers, expected) {
  answers.forEach((answer, index) => {
    if (Math.abs(answer - expected[index]) > 1e-4 + 1e-3 * Math.abs(expected[index])) {
      throw new Error(`an answer is ${answer}, and XGBoost's ${expected[index]}`);
    }
  });
  return same(answers, expected);
}

/** What a model costs before it is asked. Of one alone the allocator may have had the memory already. */
async function start(name, load) {
  [SMALLEST, name].forEach(arrays);
  await load(SMALLEST);
  globalThis.gc?.();
  const [memory, started] = [process.memoryUsage.rss(), now()];
  const kept = [];
  for (let copy = 0; copy < COPIES; copy += 1) {
    kept.push(await load(name));
  }
  return { seconds: (now() - started) / kept.length, bytes: (process.memoryUsage.rss() - memory) / kept.length };
}

const PEERS = {
  async wardian() {
    const wardian = await import(pathToFileURL(path.join(page, "wardian.js")));
    wardian.loadSync(readFileSync(path.join(page, "engine_bg.wasm")));
    const model = once((name) => new wardian.Model(read(name, "wardian")));
    const explainer = once(async (name) => {
      const explaining = await import(pathToFileURL(path.join(page, "explain.js")));
      explaining.loadExplainerSync(readFileSync(path.join(page, "explain_bg.wasm")));
      const converter = await import(pathToFileURL(path.join(page, "convert.js")));
      await converter.default({ module_or_path: readFileSync(path.join(page, "convert_bg.wasm")) });
      // The benchmark's own files have no covers, as those of other formats have none.
      const [bytes] = converter.convert(new Uint8Array(read(name, "ubj")));
      return new explaining.Explainer(new wardian.Model(bytes), bytes);
    });
    return {
      batch: async (name) => (await inTurn(() => model(name).predictMany(rows(name)))) / count(name),
      one: (name) => singles(arrays(name), (row) => model(name).predictValue(row)),
      explain: async (name) => {
        const [asked, some] = [await explainer(name), rows(name).subarray(0, EXPLAINED_ROWS * shapes[name].features)];
        return (await inTurn(() => asked.explainMany(some))) / EXPLAINED_ROWS;
      },
      "explain-one": async (name) => {
        const asked = await explainer(name);
        return singles(arrays(name).slice(0, EXPLAINED_SINGLE_ROWS), (row) => asked.explain(row));
      },
      start: (name) =>
        start(name, (other) => {
          const loaded = new wardian.Model(read(other, "wardian"));
          loaded.predictValue(arrays(other)[0]);
          return loaded;
        }),
      bits(name) {
        if (same(model(name).marginsMany(rows(name)), numbers(name, "margins")) !== 1) {
          throw new Error("our margins are not XGBoost's");
        }
        return same(model(name).predictMany(rows(name)), numbers(name, "predictions"));
      },
      async rows(name, asked) {
        const [one, block] = [rows(name), new Float32Array(Math.min(asked, BLOCK_ROWS) * shapes[name].features)];
        for (let place = 0; place < block.length; place += one.length) {
          block.set(one.subarray(0, Math.min(one.length, block.length - place)), place);
        }
        const all = () => {
          for (let done = 0; done < asked; done += BLOCK_ROWS) {
            model(name).predictMany(block);
          }
        };
        return (await inTurn(all)) / asked;
      },
    };
  },

  async ort() {
    const ort = await import("onnxruntime-web");
    ort.env.wasm.numThreads = 1;
    ort.env.logLevel = "error";
    const load = (name) => ort.InferenceSession.create(read(name, "onnx"), { executionProviders: ["wasm"] });
    const session = once(load);
    const asked = (session, name) => {
      const { features } = shapes[name];
      // Only the probabilities: the labels are the other output.
      const output = session.outputNames.at(-1);
      return async (data) => {
        const tensor = new ort.Tensor("float32", data, [data.length / features, features]);
        return (await session.run({ [session.inputNames[0]]: tensor }, [output]))[output].data;
      };
    };
    return {
      async batch(name) {
        const run = asked(await session(name), name);
        return (await inTurn(() => run(rows(name)))) / count(name);
      },
      async one(name) {
        const run = asked(await session(name), name);
        return singlesLater(arrays(name), (row) => run(Float32Array.from(row)));
      },
      start: (name) =>
        start(name, async (other) => {
          const loaded = await load(other);
          await asked(loaded, other)(Float32Array.from(arrays(other)[0]));
          return loaded;
        }),
      async bits(name) {
        const answers = await asked(await session(name), name)(rows(name));
        // Of two classes it gives both.
        const { objective, outputs } = shapes[name];
        const two = objective === "binary:logistic" && outputs === 1;
        return near(two ? answers.filter((_, index) => index % 2 === 1) : answers, numbers(name, "predictions"));
      },
    };
  },

  m2cgen() {
    const score = once((name) => new Function(`${read(name, "js")}; return score;`)());
    return {
      one: (name) => singles(arrays(name), score(name)),
    };
  },

  async ydf() {
    const { default: create } = await import("ydf-inference");
    const ydf = await create();
    const model = once((name) => ydf.loadModelFromZipBlob(read(name, "ydf.zip")));
    const columns = (name, from, to) => {
      const { features } = shapes[name];
      const column = (feature) => Array.from({ length: to - from }, (_, row) => rows(name)[(from + row) * features + feature]);
      return Object.fromEntries(Array.from({ length: features }, (_, feature) => [`f${feature}`, column(feature)]));
    };
    return {
      async batch(name) {
        const [other, all] = [await model(name), columns(name, 0, count(name))];
        return (await inTurn(() => other.predict(all))) / count(name);
      },
      async one(name) {
        const other = await model(name);
        return singles(
          Array.from({ length: 200 }, (_, row) => columns(name, row, row + 1)),
          (row) => other.predict(row),
        );
      },
    };
  },
};

const peer = once((name) => PEERS[name]());
for await (const line of createInterface({ input: process.stdin })) {
  const [asked, name, kind] = line.split(" ");
  let answer;
  try {
    const kinds = await peer(asked);
    const [, many] = /^rows-(\d+)$/.exec(kind) ?? [];
    answer = { value: many ? await kinds.rows(name, Number(many)) : await kinds[kind](name) };
  } catch (error) {
    // A peer that cannot is a result too.
    answer = { cannot: error.message.split("\n")[0] };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
process.exit(0);
