// The bundlers and runtimes that a package is tried with.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { LAUNCH } from "../e2e/browser.mjs";
import { serve } from "../e2e/serve.mjs";
import { run, textsIn, tool } from "./consumer.mjs";

export const { chromium } = createRequire(new URL("../e2e/package.json", import.meta.url))("playwright-core");

/** Hands over an empty page of a browser, with the errors that it meets. */
export async function inChromium(ask) {
  const browser = await chromium.launch(LAUNCH);
  try {
    const page = await browser.newPage();
    const errors = [];
    page.on("pageerror", (error) => errors.push(error.message));
    return await ask(page, errors);
  } finally {
    await browser.close();
  }
}

/** Opens a page with this HTML from a served folder, and asks it for its `report`. */
export async function inBrowser(place, html, ask, argument) {
  const server = await serve(place, "/");
  const within = async (page, errors) => {
    await page.route(`${server.url}test.html`, (route) => route.fulfill({ contentType: "text/html", body: `<!doctype html><meta charset="utf-8">${html}` }));
    const fetched = [];
    page.on("response", (response) => fetched.push(new URL(response.url()).pathname));
    await page.goto(`${server.url}test.html`);
    await page.waitForFunction("globalThis.report !== undefined", undefined, { timeout: 20_000 }).catch((error) => {
      throw new Error(`${error.message}; the page says: ${errors.join("; ")}`);
    });
    return { result: await page.evaluate(ask, argument), fetched };
  };
  return inChromium(within).finally(() => server.close());
}

export const askAll = (pool) => globalThis.report(pool);
export const sizeOf = async (place) => (await textsIn(place)).filter(({ file }) => /\.m?js$/.test(file)).reduce((sum, { bytes }) => sum + gzipSync(bytes, { level: 9 }).length, 0);
export const MAIN = 'import { report } from "./report.js"; globalThis.report = report;';

export const BUNDLERS = {
  async vite(place, entry, output) {
    await writeFile(path.join(place, `${entry}.html`), `<script type="module" src="./${entry}.js"></script>`);
    const config = `export default { root: ${JSON.stringify(place)}, base: "./", logLevel: "warn", worker: { format: "es" }, build: { outDir: "${output}", rollupOptions: { input: "${entry}.html", output: { entryFileNames: "main.js" } } } };`;
    await writeFile(path.join(place, `${entry}.vite.mjs`), config);
    await run(tool("vite"), ["build", "--config", `${entry}.vite.mjs`], { cwd: place });
  },
  async webpack(place, entry, output) {
    const webpack = createRequire(import.meta.url)("webpack");
    const stats = await new Promise((resolve, reject) => {
      const options = { mode: "production", context: place, entry: `./${entry}.js`, output: { path: path.join(place, output), filename: "main.js", publicPath: `/${output}/` } };
      webpack(options, (error, found) => (error ? reject(error) : resolve(found)));
    });
    assert.deepEqual([stats.toJson().errors, stats.toJson().warnings.filter(({ message }) => !/size limit|performance/.test(message))], [[], []]);
  },
  esbuild: (place, entry, output, name = "main") =>
    run(tool("esbuild"), [`${entry}.js`, "--bundle", "--minify", "--format=esm", `--outfile=${output}/${name}.js`], { cwd: place }),
  async rollup(place, entry, output, name = "main") {
    // One file of what is imported when it is first asked for (`?explain`) is to be said; who only predicts has nothing of it.
    const isWhole = entry === "all";
    const config = `import resolve from ${JSON.stringify(createRequire(import.meta.url).resolve("@rollup/plugin-node-resolve"))};
      export default { input: "${entry}.js", output: { file: "${output}/${name}.js", format: "es", inlineDynamicImports: ${isWhole} }, plugins: [(resolve.default ?? resolve)({ browser: true })] };`;
    await writeFile(path.join(place, `${entry}.rollup.mjs`), config);
    await run(tool("rollup"), ["--config", `${entry}.rollup.mjs`, "--silent"], { cwd: place });
  },
};

/** Serves `worker.js` of a folder with workerd, of a compatibility date, and asks it; `modules` are the wasm files of `name` that it imports. */
export async function inWorkerd(place, name, modules, date, ask) {
  const embedded = modules.map((module) => `(name = "${module}.wasm", wasm = embed "node_modules/${name}/${module}.wasm")`);
  await writeFile(
    path.join(place, "config.capnp"),
    `using Workerd = import "/workerd/workerd.capnp";
     const config :Workerd.Config = (services = [(name = "main", worker = .main)], sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")]);
     const main :Workerd.Worker = (compatibilityDate = "${date}", modules = [(name = "worker.js", esModule = embed "worker.js"), ${embedded.join(", ")}]);`,
  );
  const workerd = spawn(tool("workerd"), ["serve", "config.capnp", "--control-fd=3"], { cwd: place, stdio: ["ignore", "ignore", "pipe", "pipe"] });
  let errors = "";
  workerd.stderr.on("data", (text) => (errors += text));
  try {
    const port = await new Promise((resolve, reject) => {
      workerd.stdio[3].on("data", (text) => {
        const found = /"event":"listen".*?"port":(\d+)/.exec(text);
        if (found) resolve(found[1]);
      });
      workerd.on("exit", () => reject(new Error("workerd ended")));
    });
    await ask(`http://127.0.0.1:${port}`);
  } catch (error) {
    throw new Error(`${error.message}; workerd says: ${errors}`);
  } finally {
    workerd.kill();
  }
}
