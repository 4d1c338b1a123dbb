// Adds to the built scripts and modules what makes them an npm package: node xtask/package.mjs <sources> <folder>. Run by
// `cargo xtask build`; `sources` has the scripts and types
// of `npm/` in one folder (`flat.mjs`), with what was generated beside them.
import { createRequire } from "node:module";
import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { filled, tokens } from "./case.mjs";
import { shell } from "./package-shell.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const { build } = createRequire(path.join(root, "tests/e2e/package.json"))("esbuild");
const [sources, folder] = process.argv.slice(2).map((name) => path.resolve(name));
const built = (name) => path.join(folder, name);

/** How many bytes at most change places with others: what more would save is less than what they add. */
const MOST_EXCHANGED = 15;
/** A module's beginning, by which it is found in a bundle; and what begins an escape where a bundler writes a template. */
const KEPT = [..."\x01asm${"].map((character) => character.charCodeAt(0));

/** Whether a byte is more than one byte of a script: an escape, or two of UTF-8. */
const isLong = (byte) => byte >= 128 || [0, 10, 13, 34, 92].includes(byte);

/**
 * Pairs of bytes that change places, so that what is frequent is one byte of the script: zeros are a tenth of a module. After gzip
 * that saves three of a hundred bytes.
 */
function exchangedIn(bytes) {
  const counts = new Map(Array.from({ length: 256 }, (_, byte) => [byte, 0]));
  bytes.forEach((byte) => counts.set(byte, counts.get(byte) + 1));
  const all = [...counts.keys()];
  const long = all.filter(isLong).sort((one, other) => counts.get(other) - counts.get(one));
  const short = all.filter((byte) => !isLong(byte) && !KEPT.includes(byte)).sort((one, other) => counts.get(one) - counts.get(other));
  return long.map((byte, place) => [byte, short[place]]).slice(0, MOST_EXCHANGED).filter(([one, other]) => counts.get(one) > counts.get(other));
}

/** Bytes as what stands between two quotes of a script. */
function written(bytes) {
  const characters = Array.from(bytes, (byte, index) => {
    switch (byte) {
      case 0:
        // `\0` before a digit would be another character's escape.
        return bytes[index + 1] >= 0x30 && bytes[index + 1] <= 0x39 ? "\\x00" : "\\0";
      case 10:
        return "\\n";
      case 13:
        return "\\r";
      case 34:
        return '\\"';
      case 92:
        return "\\\\";
      default:
        return String.fromCharCode(byte);
    }
  });
  return `"${characters.join("")}"`;
}

/** The text of a script that carries bytes: see `npm/inside/text.js`. */
function carrying(bytes) {
  const pairs = exchangedIn(bytes);
  const other = new Map(pairs.flatMap(([one, two]) => [[one, two], [two, one]]));
  const text = written(bytes.map((byte) => other.get(byte) ?? byte));
  return `export const length=${bytes.length};export const exchanged=${written(pairs.flat())};export default ${text};\n`;
}

for (const name of ["rows", "sheets", "lines"]) {
  copyFileSync(built(`${name}_bg.wasm`), built(`${name}.wasm`));
}
for (const [module, name] of [["engine_bg.wasm", "wardian"], ["shipped_bg.wasm", "shipped"], ["explain_bg.wasm", "explain"]]) {
  copyFileSync(built(module), built(`${name}.wasm`));
  const script = `${module.split("_")[0]}.text.js`;
  for (const place of [sources, folder]) {
    writeFileSync(path.join(place, script), carrying(readFileSync(built(module))));
  }
}

/** Scripts that stand beside the entries: what the page has too, and what only this package has. */
const SHARED = ["wardian.js", "rest.js", "handle.js", "pool.js", "worker.js", "explain.js", "rows.js"];
const OWN = ["predict.js", "about.js", "model.js", "asked.js", "inside.js", "inside-any.js", "inside-explain.js"];
/** Of what the page has too, what only `model.js` asks for here: fewer scripts are fewer bytes. */
const INSIDE = ["rest.js", "handle.js"];
const TEXTS = ["engine.text.js", "shipped.text.js", "explain.text.js"];

/** The scripts of a runtime stand in for those of the default entry. */
const insteadOf = (kind) => ({
  name: "instead",
  setup(building) {
    building.onResolve({ filter: /^\.\/inside(-any|-explain)?\.js$/ }, ({ path: name }) => ({
      path: path.join(sources, name.replace(/\.js$/, `.${kind}.js`)),
    }));
  },
});

const indexRequired = {
  name: "required",
  setup(building) {
    building.onResolve({ filter: /^\.\/index\.js$/ }, () => ({ path: "./index.cjs", external: true }));
  },
};

/** Types for `require`: TypeScript takes a `.d.ts` here for the types of an ES module. */
const required = (text) => text.replace(/(from "\.\/\w+)\.js"/g, '$1.cjs"');

const beside = (names) => names.map((name) => `./${name}`);

/** Makes one script of `entry` and what it imports, but for what stands beside it. */
const bundle = (entry, name, options) =>
  build({
    entryPoints: [path.join(sources, entry)],
    outfile: path.resolve(folder, name),
    bundle: true,
    minify: true,
    charset: "utf8",
    format: "esm",
    target: "es2022",
    legalComments: "none",
    logLevel: "warning",
    ...options,
  });

const forWorkerd = (external = []) => ({
  plugins: [insteadOf("workerd")],
  inject: [path.join(sources, "finalization.workerd.js")],
  external: ["./wardian.wasm", "./shipped.wasm", "./explain.wasm", ...external],
});
// Asked for in this way, a bundler for browsers has nothing to look for; there only a pool needs the address, and has none.
const ADDRESS = 'const address=globalThis.process?.getBuiltinModule?.("node:url").pathToFileURL(__filename).href;';
const forRequire = (more) => ({ format: "cjs", platform: "node", define: { "import.meta.url": "address" }, banner: { js: ADDRESS }, ...more });

await Promise.all([
  ...["index.js", "certainty.js", "unknown.js", "fetch.js", "converter.js", "measure.js", "units.js", "sheets.js", "element.js", ...OWN].map((name) =>
    bundle(name, name, { external: beside([...SHARED, ...OWN, ...TEXTS, "index.js", "convert.js", "measuring.js"].filter((other) => other !== name && !INSIDE.includes(other))) }),
  ),
  bundle("slim.js", "slim.js", { plugins: [insteadOf("slim")], external: beside(SHARED) }),
  bundle("index.js", "index.workerd.js", forWorkerd()),
  bundle("fetch.js", "fetch.workerd.js", forWorkerd()),
  bundle("predict.js", "predict.workerd.js", forWorkerd()),
  bundle("predict.js", "predict.cjs", forRequire()),
  bundle("unknown.js", "unknown.workerd.js", forWorkerd()),
  bundle("unknown.js", "unknown.cjs", forRequire()),
  bundle("slim.js", "slim.workerd.js", { ...forWorkerd(), plugins: [insteadOf("slim")] }),
  bundle("index.js", "index.cjs", forRequire()),
  bundle("fetch.js", "fetch.cjs", forRequire({ plugins: [indexRequired] })),
  bundle("slim.js", "slim.cjs", forRequire({ plugins: [insteadOf("slim")] })),
  bundle("converter.js", "converter.cjs", forRequire()),
  bundle("measure.js", "measure.cjs", forRequire()),
  bundle("units.js", "units.cjs", forRequire()),
  bundle("element.js", "element.cjs", forRequire()),
  bundle("certainty.js", "certainty.cjs", forRequire()),
  bundle("rows.js", "rows.cjs", forRequire()),
  bundle("sheets.js", "sheets.cjs", forRequire()),
]);

const TYPES = ["case", "index", "predict", "slim", "fetch", "certainty", "unknown", "measure", "converter", "units", "element", "wardian", "explain", "pool", "card", "rows", "sheets", "wasm"];
for (const name of TYPES) {
  const text = filled(readFileSync(path.join(sources, `${name}.d.ts`), "utf8"), tokens());
  writeFileSync(built(`${name}.d.ts`), text);
  writeFileSync(built(`${name}.d.cts`), required(text));
}

// The command line's scripts are nobody's download: they stay as they are.
const COMMAND = ["bin.js", "files.js", "csv.js", "seen.js", "serve.js", "command.js", "sealing.js"];
const OTHERS = [
  ["models/diabetes/diabetes.wardian", "diabetes.wardian"],
  ["models/diabetes/columns.json", "columns.json"],
  ["models/diabetes/package/README.md", "README.md"],
  ["LICENSE-MIT", "LICENSE-MIT"],
  ["LICENSE-APACHE", "LICENSE-APACHE"],
  ["THIRD-PARTY.md", "THIRD-PARTY.md"],
  ...COMMAND.map((name) => [path.join(sources, name), name]),
];
for (const [from, to] of OTHERS) {
  copyFileSync(path.resolve(root, from), built(to));
}

const description = JSON.parse(readFileSync(path.join(root, "npm/package.json"), "utf8"));
const [, version] = /^version = "(.+)"$/m.exec(readFileSync(path.join(root, "Cargo.toml"), "utf8"));
const files = [
  ...["index.js", "index.cjs", "index.workerd.js", "predict.cjs", "predict.workerd.js", "slim.js", "slim.cjs", "slim.workerd.js", "fetch.js", "fetch.cjs", "fetch.workerd.js"],
  ...["units.js", "units.cjs", "element.js", "element.cjs", "certainty.js", "certainty.cjs", "unknown.js", "unknown.cjs", "unknown.workerd.js", "measure.js", "measure.cjs", "measuring.js", "measuring_bg.wasm", "converter.js", "converter.cjs", "convert.js", "convert_bg.wasm", "seal.js", "seal_bg.wasm", "wardian.wasm", "shipped.wasm", "explain.wasm", "rows.wasm", "rows.cjs", "sheets.js", "sheets.cjs", "sheets.wasm", "lines.wasm"],
  ...SHARED,
  ...OWN,
  ...TEXTS,
  ...TYPES.flatMap((name) => [`${name}.d.ts`, `${name}.d.cts`]),
  ...OTHERS.map(([, name]) => name),
];
const missing = files.filter((name) => !existsSync(built(name)));
if (missing.length > 0) {
  throw new Error(`${missing.join(", ")} should be in the package, and was not built`);
}
// Packed of what is made here, when that is done.
files.push("wardian.shell");
const { name, exports, ...rest } = description;
const { "./package.json": own, ...entries } = exports;
const withModel = { ...entries, "./diabetes.wardian": "./diabetes.wardian", "./package.json": own };
writeFileSync(built("package.json"), `${JSON.stringify({ name, version, ...rest, exports: withModel, files }, null, 2)}\n`);
await shell({ sources, folder, description, bundle, required, forWorkerd, forRequire, beside, SHARED, OWN, TYPES, COMMAND });
