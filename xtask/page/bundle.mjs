// How the page's scripts and styles are bundled, whichever way they are delivered.
import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));
export const www = path.join(root, "www");
const esbuild = createRequire(path.join(root, "tests/e2e/package.json"))("esbuild");

/** `wardian/predict.js` in the sources is the script of that name of `npm/`: a file beside the page's own. */
const beside = {
  name: "beside",
  setup(building) {
    building.onResolve({ filter: /^wardian\// }, ({ path: name }) => ({ path: `./${name.slice("wardian/".length)}`, external: true }));
  },
};

/** The same, taken in from `folder`. */
const within = (folder) => ({
  name: "within",
  setup(building) {
    building.onResolve({ filter: /^wardian\// }, ({ path: name }) => ({ path: path.join(folder, name.slice("wardian/".length)) }));
  },
});

/** In the single file `x.single.js` stands for `x.js` where there is one. */
const single = {
  name: "single",
  setup(building) {
    building.onResolve({ filter: /^\.\.?\/.*\.js$/ }, ({ path: name, resolveDir }) => {
      const other = path.resolve(resolveDir, name.replace(/\.js$/, ".single.js"));
      return existsSync(other) ? { path: other } : undefined;
    });
  },
};

const COMMON = {
  bundle: true,
  minify: true,
  charset: "utf8",
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
  logLevel: "warning",
  metafile: true,
  external: ["node:*"],
  absWorkingDir: root,
};

/** What is seen first, and what the places need that are fetched when they are first visited. */
const STYLES = ["www/style.css", "www/places.css"];
const LOADERS = { ".csv": "text" };

/** The constants that `BUILD.…` in the sources stands for. */
const defined = (build) => Object.fromEntries(Object.entries(build).map(([name, value]) => [`BUILD.${name}`, JSON.stringify(value)]));

const hashed = (folder) => ({
  ...COMMON,
  outdir: folder,
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ...LOADERS, ".svg": "file" },
  splitting: true,
  format: "esm",
});

/** The page's styles in files with hashed names, written to `folder`: esbuild's account of them. */
export async function pageStyles(folder) {
  const { metafile } = await esbuild.build({ ...hashed(folder), entryPoints: STYLES });
  return metafile;
}

/** The page's scripts, likewise. */
export async function pageFiles(folder, build) {
  const { metafile } = await esbuild.build({
    ...hashed(folder),
    entryPoints: ["www/app/main.jsx"],
    define: defined(build),
    plugins: [beside],
  });
  return metafile;
}

/** The page in one script and one style, as texts. `folder` has the scripts of `npm/`. */
export async function pageTexts(folder, build) {
  const { outputFiles } = await esbuild.build({
    ...COMMON,
    entryPoints: ["www/app/single.js", ...STYLES],
    outdir: folder,
    write: false,
    loader: { ...LOADERS, ".svg": "dataurl" },
    format: "esm",
    define: defined(build),
    plugins: [within(folder), single],
  });
  const text = (ending) => outputFiles.find(({ path: name }) => name.endsWith(ending)).text;
  return { script: text("single.js"), style: text("style.css") + text("places.css") };
}

/** A script that has all inside it, and no imports: for workers. */
export async function standalone(entry, folder, build = {}) {
  const { outputFiles } = await esbuild.build({
    ...COMMON,
    entryPoints: [entry],
    write: false,
    loader: LOADERS,
    format: "iife",
    define: { "process.env.NODE_ENV": '"production"', ...defined(build) },
    plugins: [within(folder)],
  });
  return outputFiles[0].text;
}

/** The page's workers, as texts by name: each place of `www/` that has a `worker.js`. */
export async function workerTexts(folder) {
  const isPlace = (name) => !/^(app|service|dist.*|node_modules)$/.test(name) && existsSync(path.join(www, name, "worker.js"));
  const names = readdirSync(www).filter(isPlace);
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await standalone(`www/${name}/worker.js`, folder)])));
}
