// How long a page waits: from nothing to the first prediction, in Chromium, from a server on this machine.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const { chromium } = await import(pathToFileURL(path.join(here, "../tests/e2e/node_modules/playwright-core/index.mjs")));
const { default: esbuild } = await import(pathToFileURL(path.join(here, "../tests/e2e/node_modules/esbuild/lib/main.js")));
const { LAUNCH } = await import("../tests/e2e/browser.mjs");
const ORT = path.join(here, "node_modules/onnxruntime-web/dist");
const TIMES = 9;
/** A start is so short that more of them are needed. */
export const START_TIMES = 21;
/** How long a page is left alone before it loads anything, in milliseconds. */
const SETTLED = 500;
const TYPES = { ".mjs": "text/javascript", ".js": "text/javascript", ".wasm": "application/wasm", ".html": "text/html" };

/** What an application's bundler makes of an import of the package in `page`: one script. */
function bundled(page, contents) {
  const options = { bundle: true, format: "esm", minify: true, charset: "utf8", write: false };
  return esbuild.buildSync({ ...options, stdin: { contents, resolveDir: page } }).outputFiles[0].contents;
}

/** Serves each folder of `mounts` under its name, and the `scripts`. */
async function serve(mounts, scripts = {}) {
  const server = createServer((request, response) => {
    const [, mount, ...rest] = request.url.split("?")[0].split("/");
    const type = TYPES[path.extname(rest.at(-1) ?? mount)] ?? "application/octet-stream";
    try {
      const body = mount === "" ? "<!doctype html>" : (scripts[mount] ?? readFileSync(path.join(mounts[mount], ...rest)));
      response.writeHead(200, { "content-type": mount === "" ? "text/html" : type }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

const CONTENDERS = {
  "Wardian, the shipped model in the script": async () => {
    const { predict } = await import("/predict.js");
    return predict([1, 106, 70, 28, 135, 34.2, 0.142, 22]).prediction;
  },
  "Wardian, a model fetched beside the script": async () => {
    const model = fetch("/models/d3.wardian").then((response) => response.arrayBuffer());
    const { Model } = await import("/model.js");
    return new Model(await model).predictValue([0, 1, 20, 0, 1, 20, 0, 1]);
  },
  // What any page pays: nobody can be faster than these.
  "an empty file, fetched": async () => {
    await (await fetch("/")).text();
    return 0.5;
  },
  "an empty script, imported": async () => {
    await import("/empty.js");
    return 0.5;
  },
  "onnxruntime-web 1.30": async () => {
    const ort = await import("/ort/ort.wasm.min.mjs");
    ort.env.wasm.numThreads = 1;
    const session = await ort.InferenceSession.create("/models/d3.onnx", { executionProviders: ["wasm"] });
    const input = new ort.Tensor("float32", Float32Array.of(0, 1, 20, 0, 1, 20, 0, 1), [1, 8]);
    const output = await session.run({ [session.inputNames[0]]: input }, [session.outputNames.at(-1)]);
    return output[session.outputNames.at(-1)].data.at(-1);
  },
};

/** What a page does whose scripts are there already: `script` is imported first, and `action` is timed. */
const STARTS = {
  "Wardian, the page's module: fetch, compile, first prediction": {
    script: "/page/wardian.js",
    action: async (wardian) => {
      await wardian.load("/page/engine_bg.wasm");
      return wardian.shippedModel().predict([1, 106, 70, 28, 135, 34.2, 0.142, 22]).prediction;
    },
  },
  "Wardian, the package's module: likewise": {
    script: "/package/wardian.js",
    action: async (wardian) => {
      await wardian.load("/package/engine_bg.wasm");
      return wardian.shippedModel().predict([1, 106, 70, 28, 135, 34.2, 0.142, 22]).prediction;
    },
  },
  "a file of the size of the page's module, fetched": {
    script: "/page/wardian.js",
    action: async () => (await (await fetch("/page/engine_bg.wasm")).arrayBuffer()).byteLength / 1e6,
  },
  "onnxruntime-web 1.30: session creation": {
    script: "/ort/ort.wasm.min.mjs",
    action: async (ort) => {
      ort.env.wasm.numThreads = 1;
      const session = await ort.InferenceSession.create("/models/d3.onnx", { executionProviders: ["wasm"] });
      return session.inputNames.length / 2;
    },
  },
};

/** The median milliseconds from nothing to each contender's first prediction. */
export function measureLoads(folder, wardian) {
  const scripts = {
    "predict.js": bundled(wardian, 'export { predict } from "./predict.js";'),
    "model.js": bundled(wardian, 'export { Model } from "./model.js";'),
    "empty.js": "export {};",
  };
  const contenders = Object.fromEntries(Object.entries(CONTENDERS).map(([name, action]) => [name, { action }]));
  return medians(contenders, TIMES, { models: folder, ort: ORT }, scripts);
}

/** The median milliseconds of each contender's start, its script being there. */
export function measureStarts(folder, wardian) {
  return medians(STARTS, START_TIMES, { models: folder, ort: ORT, package: wardian, page: path.join(here, "../www/dist") });
}

/** The median milliseconds of each contender over so many rounds, a fresh context each time, in turn. */
async function medians(contenders, rounds, mounts, scripts) {
  const server = await serve(mounts, scripts);
  const browser = await chromium.launch(LAUNCH);
  const times = {};
  try {
    for (let round = 0; round <= rounds; round += 1) {
      for (const [name, { script, action }] of Object.entries(contenders)) {
        const context = await browser.newContext();
        const tab = await context.newPage();
        await tab.goto(server.origin);
        // A fresh renderer is still starting when the page is there: that is the browser's time, and neither's.
        await tab.waitForTimeout(SETTLED);
        if (script !== undefined) {
          await tab.evaluate(`import("${script}").then((module) => void (globalThis.module = module))`);
          await tab.waitForTimeout(SETTLED);
        }
        const { time, value } = await tab.evaluate(`(async () => {
          const started = performance.now();
          const value = await (${action})(globalThis.module);
          return { time: performance.now() - started, value };
        })()`);
        if (!(value > 0 && value < 1)) {
          throw new Error(`${name} answered ${value}`);
        }
        if (round > 0) {
          (times[name] ??= []).push(time);
        }
        await context.close();
      }
    }
  } finally {
    await browser.close();
    server.close();
  }
  return Object.fromEntries(Object.entries(times).map(([name, all]) => [name, all.toSorted((a, b) => a - b)[all.length >> 1]]));
}

/**
 * Seconds a row of each model in Chromium, in a batch and by itself: medians over so many rounds, by the clock on the wall,
 * as a page has no other.
 */
export async function measureBrowser(folder, page, models, rounds) {
  const server = await serve({ page, models: folder });
  const browser = await chromium.launch(LAUNCH);
  try {
    const tab = await browser.newPage();
    await tab.goto(server.origin);
    return await tab.evaluate(
      async ([models, rounds]) => {
        const { Model } = await import("/page/index.js");
        const read = async (name) => (await fetch(`/models/${name}`)).arrayBuffer();
        const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
        const inTurn = (count, action) => {
          const each = [];
          const turn = performance.now();
          do {
            const started = performance.now();
            action();
            each.push((performance.now() - started) / 1e3 / count);
          } while (performance.now() - turn < 50);
          return median(each);
        };
        const result = {};
        for (const name of models) {
          const model = new Model(await read(`${name}.wardian`));
          const rows = new Float32Array(await read(`${name}.rows.f32`));
          const width = model.description.features.length;
          const singles = Array.from({ length: 1000 }, (_, row) => Array.from(rows.subarray(row * width, (row + 1) * width)));
          const times = { batch: [], one: [] };
          for (let round = 0; round <= rounds; round += 1) {
            times.batch.push(inTurn(rows.length / width, () => model.predictMany(rows)));
            times.one.push(inTurn(singles.length, () => singles.forEach((row) => model.predictValue(row))));
          }
          result[name] = Object.fromEntries(Object.entries(times).map(([kind, each]) => [kind, median(each.slice(rounds > 0 ? 1 : 0))]));
        }
        return result;
      },
      [models, rounds],
    );
  } finally {
    await browser.close();
    server.close();
  }
}
