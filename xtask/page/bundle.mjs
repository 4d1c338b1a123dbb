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

/** `x.<kind>.js` stands for `x.js` where there is one: `single` in the single file, `studio` in the studio. */
const standing = (kind) => ({
  name: kind,
  setup(building) {
    building.onResolve({ filter: /^\.\.?\/.*\.js$/ }, ({ path: name, resolveDir }) => {
      const other = path.resolve(resolveDir, name.replace(/\.js$/, `.${kind}.js`));
      return existsSync(other) ? { path: other } : undefined;
    });
  },
});

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
    plugins: [within(folder), standing("single")],
  });
  const text = (ending) => outputFiles.find(({ path: name }) => name.endsWith(ending)).text;
  return { script: text("single.js"), style: text("style.css") + text("places.css") };
}

const STUDIO_STYLE = "www/studio/studio.css";

/** The studio's scripts and its style in files with hashed names, written to `folder`: esbuild's account of them. */
export async function studioFiles(folder, build) {
  const { metafile } = await esbuild.build({
    ...hashed(folder),
    entryPoints: ["www/studio/main.jsx", STUDIO_STYLE],
    define: defined(build),
    plugins: [standing("studio")],
  });
  return metafile;
}

/** The studio in one script and one style, as texts. `scripts` has the scripts of `npm/` and the module's glue. */
export async function studioTexts(folder, scripts, build) {
  const { outputFiles } = await esbuild.build({
    ...COMMON,
    entryPoints: ["www/studio/single.js", STUDIO_STYLE],
    outdir: folder,
    write: false,
    loader: { ...LOADERS, ".svg": "dataurl" },
    format: "esm",
    define: { ...defined(build), ...NO_ADDRESS },
    plugins: [within(scripts), standing("single"), standing("studio")],
  });
  const text = (ending) => outputFiles.find(({ path: name }) => name.endsWith(ending)).text;
  return { script: text("single.js"), style: text("studio.css") };
}

/** The glue of wasm-bindgen would look for its module beside itself, where nobody has given one. */
const NO_ADDRESS = { "import.meta.url": '""' };

/** A script that has all inside it, and no imports: for workers. */
export async function standalone(entry, folder, build = {}) {
  const { outputFiles } = await esbuild.build({
    ...COMMON,
    entryPoints: [entry],
    write: false,
    loader: LOADERS,
    format: "iife",
    define: { "process.env.NODE_ENV": '"production"', ...NO_ADDRESS, ...defined(build) },
    plugins: [within(folder)],
  });
  return outputFiles[0].text;
}

/** The page's workers, as texts by name: each place of `www/` that has a `worker.js`. */
export async function workerTexts(folder) {
  const isPlace = (name) => !/^(app|service|studio|dist.*|node_modules)$/.test(name) && existsSync(path.join(www, name, "worker.js"));
  const names = readdirSync(www).filter(isPlace);
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await standalone(`www/${name}/worker.js`, folder)])));
}
