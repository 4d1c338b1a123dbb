// Puts the page together in a folder that already has the wasm modules and the scripts of `npm/`:
// node xtask/page/build.mjs <folder>. Run by `cargo xtask build`.
import { copyFileSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pageFiles, pageStyles, pageTexts, root, standalone, workerTexts, www } from "./bundle.mjs";
import { filesHtml, integrityOf, singleHtml } from "./html.mjs";

const folder = path.resolve(process.argv[2]);
/** What the page can start; their names never change, their addresses do. */
const MODULES = ["engine_bg.wasm", "explain_bg.wasm", "rows_bg.wasm"];
/** What it starts for files of other kinds, which few have: fetched then, and kept from then on. */
const LATER = ["sheets_bg.wasm", "lines_bg.wasm"];
/** And those that the single file has within it: with workbooks it would be four times as large. */
const LATER_IN_SINGLE = ["lines_bg.wasm"];
/** Not for the cache that makes the page work offline: the worker that fills it, and a copy of all the rest. */
const SERVICE_WORKER = "service-worker.js";
const SINGLE_FILE = "wardian.html";
/** What a reader of English sees first is made of these, which the page only fetches when it knows the language. */
const FIRST_SECTIONS = ["www/i18n/en/app.js", "www/i18n/en/person.js"];

const read = (name) => readFileSync(path.join(folder, name));
const short = (name) => integrityOf(read(name)).slice(7, 19).replaceAll("+", "-").replaceAll("/", "_");
/** A file whose name says nothing of its content: its address does. */
const versioned = (name) => ({ name, file: `${name}?v=${short(name)}`, integrity: integrityOf(read(name)) });

const beside = readdirSync(folder).filter((name) => name.endsWith(".js"));
const workers = await workerTexts(folder);
const workerFiles = {};
for (const [name, text] of Object.entries(workers)) {
  workerFiles[name] = `${name}-worker-${integrityOf(text).slice(7, 15).replace(/[+/]/g, "_")}.js`;
  writeFileSync(path.join(folder, workerFiles[name]), text);
}

const modules = Object.fromEntries(MODULES.map((name) => [name, versioned(name)]));
const later = Object.fromEntries(LATER.map((name) => [name, versioned(name)]));
const fileOf = (output) => path.relative(folder, path.join(root, output));
const styles = await pageStyles(folder);
/** A style's file, by the name of its source. */
const styleOf = (name) => fileOf(Object.keys(styles.outputs).find((output) => styles.outputs[output].entryPoint === `www/${name}`));
const places = styleOf("places.css");
const scriptBuild = { wasm: modules, later: JSON.stringify(later), workers: workerFiles, style: { href: places, integrity: integrityOf(read(places)) } };
const outputs = { ...styles.outputs, ...(await pageFiles(folder, scriptBuild)).outputs };
const made = Object.keys(outputs).map(fileOf);
const entryOf = (source) => Object.keys(outputs).find((output) => outputs[output].entryPoint === source);

/** An output and what it imports before it runs; of `npm/`'s scripts too. */
function closure(output, found = new Set()) {
  if (output !== undefined && !found.has(output)) {
    found.add(output);
    for (const { path: imported, kind, external } of outputs[output]?.imports ?? []) {
      if (kind === "import-statement") {
        closure(external ? imported.replace("./", "") : imported, found);
      }
    }
  }
  return found;
}

const mapped = beside.map(versioned);
const mappedOf = (name) => mapped.find((each) => each.name === name);
const part = (output) => mappedOf(output) ?? { file: fileOf(output), integrity: integrityOf(read(fileOf(output))) };
// The English words are asked for with the scripts that will ask for them: most readers' first text, a way to the host sooner.
const early = ["www/app/main.jsx", ...FIRST_SECTIONS].flatMap((source) => [...closure(entryOf(source))]);
const scripts = [...new Set(early)].map(part);
const style = styleOf("style.css");
const ownScripts = made.filter((name) => name.endsWith(".js"));
writeFileSync(
  path.join(folder, "index.html"),
  filesHtml({
    style: { file: style, integrity: integrityOf(read(style)) },
    scripts,
    mapped,
    integrity: Object.fromEntries([...ownScripts.map((name) => [name, integrityOf(read(name))]), ...mapped.map(({ file, integrity }) => [file, integrity])]),
  }),
);
for (const name of readdirSync(www).filter((name) => /^(icon.*\.(svg|png)|manifest\.webmanifest)$/.test(name))) {
  copyFileSync(path.join(www, name), path.join(folder, name));
}

// API clients import the contract by its address: they have no service worker to ask.
copyFileSync(path.join(root, "models/diabetes/openapi.json"), path.join(folder, "openapi.json"));

const precached = readdirSync(folder).filter((name) => !LATER.includes(name)).sort();
const isHashed = (name) => made.includes(name) || Object.values(workerFiles).includes(name);
// What has its hash in its name is taken from the browser's own cache, where the page has just put it.
const precache = precached.map((name) => ({ url: name, revision: isHashed(name) ? null : short(name), integrity: integrityOf(read(name)) }));
writeFileSync(path.join(folder, SERVICE_WORKER), await standalone("www/service/worker.js", folder, { precache, later: LATER.map((name) => later[name].file) }));

const encoded = (names) => Object.fromEntries(names.map((name) => [name, read(name).toString("base64")]));
const single = singleHtml({ ...(await pageTexts(folder, { wasm: encoded(MODULES), later: encoded(LATER_IN_SINGLE), workers })), icon: readFileSync(path.join(www, "icon.svg")) });
writeFileSync(path.join(folder, SINGLE_FILE), single);

const bare = (file) => file.split("?")[0];
const first = new Set([
  "index.html",
  "icon.svg",
  style,
  ...scripts.map(({ file }) => bare(file)),
  modules["engine_bg.wasm"].name,
]);
// For `cargo xtask size` and the tests: what is needed to predict, and what works offline.
writeFileSync(
  path.join(root, "target/page.json"),
  JSON.stringify({ first: [...first].sort(), offline: [...precached, SERVICE_WORKER], single: [SINGLE_FILE] }, null, 1),
);
