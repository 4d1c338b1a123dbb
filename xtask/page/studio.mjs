// Makes the studio in a folder that already has its modules and the packed shell: node xtask/page/studio.mjs <folder> <scripts> <shell>.
// `scripts` has the scripts of npm/ and the glue of the module that seals; `shell` is the folder of the shell for any model.
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { root, standalone, studioFiles, studioTexts, www } from "./bundle.mjs";
import { integrityOf, studioHtml, studioSingleHtml } from "./html.mjs";

const [folder, scripts, shell] = process.argv.slice(2).map((name) => path.resolve(name));
/** What the page compiles; their names never change, their addresses do. */
const MODULES = ["seal_bg.wasm", "train_bg.wasm", "sheets_bg.wasm", "lines_bg.wasm"];
/** What the single file has of them: with the reader of workbooks it would be a third larger. */
const IN_SINGLE = ["seal_bg.wasm", "train_bg.wasm", "lines_bg.wasm"];
const SHELL = "wardian.shell";
/** The repository's cases to play with: a model, rows, the column that was to be predicted. */
const EXAMPLES = [
  { name: "diabetes", model: "diabetes.ubj", rows: "pima-indians-diabetes.csv", label: "diabetes" },
  { name: "petal", model: "petal.lightgbm.txt", rows: "golden.csv" },
  { name: "wine", model: "wine.sklearn.pkl", rows: "golden.csv" },
];
/** What a `case.json` names that is in other files: an example says it without these. */
const IN_OTHER_FILES = ["$schema", "model", "translations", "card", "golden", "judged", "observed", "openapi"];

const read = (name) => readFileSync(path.join(folder, name));
const short = (name) => integrityOf(read(name)).slice(7, 19).replaceAll("+", "-").replaceAll("/", "_");
const versioned = (name) => ({ file: `${name}?v=${short(name)}`, integrity: integrityOf(read(name)) });
const fileOf = (output) => path.relative(folder, path.join(root, output));

mkdirSync(path.join(folder, "examples"), { recursive: true });
const examples = EXAMPLES.map(({ name, model, rows, label }) => {
  const own = path.join(root, "models", name);
  const said = JSON.parse(readFileSync(path.join(own, "case.json"), "utf8"));
  const translated = Object.entries(said.translations ?? {}).map(([language, file]) => [language, JSON.parse(readFileSync(path.join(own, file), "utf8"))[said.title]]);
  IN_OTHER_FILES.forEach((member) => delete said[member]);
  const called = `${name}-rows.csv`;
  copyFileSync(path.join(own, model), path.join(folder, "examples", model));
  copyFileSync(path.join(own, rows), path.join(folder, "examples", called));
  return { name, titles: Object.fromEntries(translated), model, rows: called, label, said };
});

const worker = await standalone("www/studio/bench/worker.js", scripts);
const workerFile = `studio-worker-${integrityOf(worker).slice(7, 15).replace(/[+/]/g, "_")}.js`;
writeFileSync(path.join(folder, workerFile), worker);
const build = {
  wasm: Object.fromEntries(MODULES.map((name) => [name, versioned(name)])),
  shell: versioned(SHELL),
  workers: { studio: workerFile },
  examples: JSON.stringify(examples),
};
const { outputs } = await studioFiles(folder, build);
const entryOf = (source) => Object.keys(outputs).find((output) => outputs[output].entryPoint === source);

/** An output and what it imports before it runs. */
function closure(output, found = new Set()) {
  if (!found.has(output)) {
    found.add(output);
    outputs[output].imports.filter(({ kind }) => kind === "import-statement").forEach(({ path: imported }) => closure(imported, found));
  }
  return found;
}

const part = (output) => ({ file: fileOf(output), integrity: integrityOf(read(fileOf(output))) });
const main = entryOf("www/studio/main.jsx");
const soon = [...closure(main)].filter((output) => output !== main);
const style = part(entryOf("www/studio/studio.css"));
const made = Object.keys(outputs).map(fileOf);
const pageHtml = readFileSync(path.join(shell, "single.template.html"), "utf8");
const write = (name, text) => writeFileSync(path.join(folder, name), text);
write(
  "index.html",
  studioHtml({
    style,
    entry: part(main),
    soon: soon.map(part),
    integrity: Object.fromEntries(made.filter((name) => name.endsWith(".js")).map((name) => [name, integrityOf(read(name))])),
    pageHtml,
  }),
);
for (const name of readdirSync(www).filter((each) => /^icon.*\.(svg|png)$/.test(each))) {
  copyFileSync(path.join(www, name), path.join(folder, name));
}
const said = { "@@title@@ · Wardian": "Wardian studio", "@@title@@": "Studio", "@@description@@": "A model of trees becomes a page, a file, a package." };
const manifest = readFileSync(path.join(www, "manifest.webmanifest"), "utf8");
write("manifest.webmanifest", Object.entries(said).reduce((text, [token, word]) => text.replaceAll(token, word), manifest));

const files = [...readdirSync(folder), ...examples.flatMap(({ model, rows }) => [`examples/${model}`, `examples/${rows}`])];
const isHashed = (name) => made.includes(name) || name === workerFile;
const kept = files.filter((name) => path.extname(name) !== "" && !["studio.html", "service-worker.js"].includes(name)).sort();
const precache = kept.map((name) => ({ url: name, revision: isHashed(name) ? null : short(name), integrity: integrityOf(read(name)) }));
write("service-worker.js", await standalone("www/studio/offline.js", folder, { precache }));

const packed = (name) => gzipSync(read(name), { level: 9 });
const blocks = {
  ...Object.fromEntries(IN_SINGLE.map((name) => [name, packed(name)])),
  // It is packed as it is.
  [SHELL]: read(SHELL),
  ...Object.fromEntries(examples.flatMap(({ model, rows }) => [model, rows]).map((name) => [name, packed(`examples/${name}`)])),
};
const single = await studioTexts(folder, scripts, { examples: build.examples });
write("studio.html", studioSingleHtml({ ...single, icon: readFileSync(path.join(www, "icon.svg")), blocks, pageHtml }));

// What every visitor downloads before a model is dropped.
const first = ["index.html", "icon.svg", style.file, fileOf(main), ...soon.map(fileOf), fileOf(entryOf("www/studio/words/en.js"))];
write("../studio.json", JSON.stringify({ first: [...new Set(first)].sort(), offline: kept }, null, 1));
