// Makes the page's shell of a folder that already has the wasm modules and the scripts of `npm/`:
// node xtask/page/build.mjs <folder> <sealed|any>. Run by `cargo xtask build`; a case is set into it when it is sealed.
import { createHash } from "node:crypto";
import { copyFileSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pageFiles, pageStyles, pageTexts, root, standalone, workerTexts, www } from "./bundle.mjs";
import { FIRST, mergeFirst } from "./first.mjs";
import { filesHtml, integrityOf, singleHtml } from "./html.mjs";

const folder = path.resolve(process.argv[2]);
/** Whether the module is built around the shipped model, and opens no other. */
const isSealed = process.argv[3] === "sealed";
/** What the page can start; their names never change, their addresses do. */
const MODULES = ["engine_bg.wasm", "explain_bg.wasm", "rows_bg.wasm"];
/** What it starts for files of other kinds, which few have: fetched then, and kept from then on. */
const LATER = ["sheets_bg.wasm", "lines_bg.wasm"];
/** And those that the single file has within it: with workbooks it would be four times as large. */
const LATER_IN_SINGLE = ["lines_bg.wasm"];
/** What each kind of answer is shown by. */
const KINDS = { risk: "risk", classes: "classes", number: "number", count: "number", score: "number", time: "number", hazard: "number", targets: "targets" };
const LANGUAGES = ["en", "zh", "es"];

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

const MAIN = "www/app/main.jsx";
// And what the most frequent kind shares with others.
const RISK = entryOf(`www/kinds/${KINDS.risk}.jsx`);
const soon = [...closure(entryOf(MAIN)), ...closure(RISK)].filter((output) => output !== RISK);
const own = [...new Set(soon)].filter((output) => outputs[output] !== undefined);
const beforeIt = [...closure(entryOf(MAIN))].filter((output) => outputs[output] === undefined);
const others = Object.keys(outputs).filter((output) => output.endsWith(".js") && !own.includes(output));
const first = await mergeFirst(folder, fileOf(entryOf(MAIN)), own.map(fileOf), others.map(fileOf));
own.forEach((output) => delete outputs[output]);
// As esbuild would have told it.
const firstOutput = path.relative(root, path.join(folder, first));
for (const output of others) {
  outputs[output].imports = outputs[output].imports.map((each) => (own.includes(each.path) ? { ...each, path: firstOutput } : each));
}
outputs[firstOutput] = { entryPoint: MAIN, imports: beforeIt.map((name) => ({ path: `./${name}`, kind: "import-statement", external: true })) };
const made = Object.keys(outputs).map(fileOf);

const mapped = beside.map(versioned);
const mappedOf = (name) => mapped.find((each) => each.name === name);
const part = (output) => mappedOf(output) ?? { file: fileOf(output), integrity: integrityOf(read(fileOf(output))) };
const scripts = [...closure(entryOf(MAIN))];
const style = styleOf("style.css");
const ownScripts = made.filter((name) => name.endsWith(".js"));
const index = filesHtml({
  style: { file: style, integrity: integrityOf(read(style)) },
  scripts: scripts.map(part),
  mapped: [...mapped, { name: FIRST, file: first }],
  integrity: Object.fromEntries([...ownScripts.map((name) => [name, integrityOf(read(name))]), ...mapped.map(({ file, integrity }) => [file, integrity])]),
});
for (const name of readdirSync(www).filter((name) => /^icon.*\.(svg|png)$/.test(name))) {
  copyFileSync(path.join(www, name), path.join(folder, name));
}

/** What these sources need beside the entry. */
const more = (sources) => [...new Set(sources.flatMap((source) => [...closure(entryOf(source))]))].filter((output) => !scripts.includes(output)).map(part);
// Words and kind are asked for with the scripts that will ask for them: a way to the host sooner.
const preload = {
  kinds: Object.fromEntries(Object.entries(KINDS).map(([kind, name]) => [kind, more([`www/kinds/${name}.jsx`])])),
  languages: Object.fromEntries(LANGUAGES.map((code) => [code, more([`www/i18n/${code}.first.js`])])),
};
/** The words that a kind has, by language: asked for likewise. */
const kindWords = Object.fromEntries(
  Object.entries(KINDS).map(([kind, name]) => [kind, Object.fromEntries(LANGUAGES.map((code) => [code, more([`www/i18n/${code}/${name}.js`])]))]),
);

const files = readdirSync(folder).sort();
const isHashed = (name) => made.includes(name) || Object.values(workerFiles).includes(name);
// What has its hash in its name is taken from the browser's own cache, where the page has just put it.
const precache = files.filter((name) => !LATER.includes(name)).map((name) => ({ url: name, revision: isHashed(name) ? null : short(name), integrity: integrityOf(read(name)) }));
const serviceWorker = await standalone("www/service/worker.js", folder, { precache, later: LATER.map((name) => later[name].file) });
/** A module as `cargo xtask` has packed it before: a sixteenth fewer bytes than the fastest packers' best. */
const packed = (name) => readFileSync(path.join(root, "target/packed", `${createHash("sha256").update(read(name)).digest("hex")}.gz`));
const blocks = Object.fromEntries([...MODULES, ...LATER_IN_SINGLE].map((name) => [name, packed(name)]));
const single = singleHtml({ ...(await pageTexts(folder, {})), icon: readFileSync(path.join(www, "icon.svg")), blocks });

const write = (name, text, tokens) => {
  const found = [...text.matchAll(/@@([a-z-]+)@@/g)].map(([, token]) => token).sort();
  if (found.join() !== tokens.toSorted().join()) {
    throw new Error(`${name} has the places ${found}, and should have ${tokens}`);
  }
  writeFileSync(path.join(folder, name), text);
  return name;
};
const COMMON = ["lang", "title", "description", "style-hash", "style", "data", "masthead"];
const manifest = readFileSync(path.join(www, "manifest.webmanifest"), "utf8");
const bare = (file) => file.split("?")[0];
const said = {
  version: JSON.parse(readFileSync(path.join(root, "www/package.json"), "utf8")).version,
  sealed: isSealed,
  page: {
    files,
    index: write("index.template.html", index, [...COMMON, "preload"]),
    single: write("single.template.html", single, COMMON),
    service_worker: write("service-worker.template.js", serviceWorker, ["case"]),
    manifest: write("manifest.template.webmanifest", manifest, ["title", "title", "description"]),
    preload: { ...preload, words: kindWords },
    // What every page needs before the first answer, beside its HTML, its kind and its words.
    first: [...new Set(["icon.svg", style, ...scripts.map((output) => bare(part(output).file)), modules["engine_bg.wasm"].name])].sort(),
    later: LATER,
  },
};
writeFileSync(path.join(folder, "shell.json"), JSON.stringify(said, null, 1));
