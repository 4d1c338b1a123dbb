// Bundles the page's sources into a folder: node xtask/page.mjs <folder>. Run by `cargo xtask build`.
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const { build } = createRequire(path.join(root, "tests/e2e/package.json"))("esbuild");
const www = path.join(root, "www");

/** `wardian/predict.js` in the sources is the script of that name of `npm/`, which stands beside the page's own. */
const beside = {
  name: "beside",
  setup(building) {
    building.onResolve({ filter: /^wardian\// }, ({ path: name }) => ({ path: `./${name.slice("wardian/".length)}`, external: true }));
  },
};

await build({
  entryPoints: {
    main: path.join(www, "app/main.jsx"),
    style: path.join(www, "style.css"),
    "rows-worker": path.join(www, "rows/worker.js"),
  },
  outdir: path.resolve(process.argv[2]),
  entryNames: "[name]",
  chunkNames: "[name]-[hash]",
  bundle: true,
  splitting: true,
  minify: true,
  format: "esm",
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
  loader: { ".csv": "text" },
  logLevel: "warning",
  plugins: [beside],
});
