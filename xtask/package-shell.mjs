// The package's shell: a package of any case, but for the case. `src/seal/package.rs` sets one in: it fills the templates and adds
// what is the case's alone.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const npm = fileURLToPath(new URL("../npm", import.meta.url));

/** What a case adds: scripts that the others ask for, and its files. */
const OF_A_CASE = {
  module: ["./case.js", "./measured.js", "./observed.js", "./model.text.js"],
  required: ["./case.cjs", "./measured.cjs", "./observed.cjs", "./model.text.cjs"],
};
/** By runtime, what stands for `inside.js`, `inside-any.js` and `inside-explain.js`. */
const INSIDE = {
  case: ["inside.case.js", "inside-any.slim.js", "inside-explain.case.js"],
  slim: ["inside.case.slim.js", "inside-any.slim.js", "inside-explain.slim.js"],
  workerd: ["inside.case.workerd.js", "inside-any.slim.js", "inside-explain.case.workerd.js"],
};
const MODULES = ["wardian.wasm", "explain.wasm", "rows.wasm", "sheets.wasm", "lines.wasm", "measuring_bg.wasm"];
const LICENSES = ["LICENSE-MIT", "LICENSE-APACHE", "THIRD-PARTY.md"];

/** Names of entries in texts: `wardian/units` is the package's own. */
const renamed = (text) => text.replace(/\bwardian\/(predict|slim|fetch|certainty|unknown|measure|units|rows|sheets|element)\b/g, "@@name@@/$1");
const isTemplate = (text) => /@@[a-z-]+@@/.test(text);

/** Writes the shell beside the package that was built in `folder`: the files of `package/`, and `package.json`, which says what they are. */
export async function shell({ sources, folder, description, bundle, required, forWorkerd, forRequire, beside, SHARED, OWN, TYPES, COMMAND }) {
  const place = path.join(path.dirname(folder), "package-shell");
  rmSync(place, { recursive: true, force: true });
  mkdirSync(path.join(place, "package"), { recursive: true });
  const inShell = (name) => path.join(place, "package", name);
  const source = (name) => readFileSync(path.join(sources, name), "utf8");
  const files = [];
  const templates = [];
  const write = (name, text) => {
    const own = renamed(text);
    writeFileSync(inShell(name), own);
    (isTemplate(own) ? templates : files).push(name);
  };

  const insteadOf = (kind) => ({
    name: "instead",
    setup(building) {
      ["inside.js", "inside-any.js", "inside-explain.js"].forEach((name, index) => {
        const filter = new RegExp(`^\\./${name.replace(".", "\\.")}$`);
        building.onResolve({ filter }, () => ({ path: path.join(sources, INSIDE[kind][index]) }));
      });
    },
  });
  const byRequire = {
    name: "by-require",
    setup(building) {
      building.onResolve({ filter: /^\.\/(case|measured|observed|model\.text)\.js$/ }, ({ path: name }) => ({ path: name.replace(/js$/, "cjs"), external: true }));
    },
  };
  const indexRequired = {
    name: "index",
    setup(building) {
      building.onResolve({ filter: /^\.\/index\.js$/ }, () => ({ path: "./index.cjs", external: true }));
    },
  };
  const scripts = [...SHARED, ...OWN, "told.js", "index.js"];
  const texts = ["engine.text.js", "explain.text.js"];
  // The glue of the module that measures.
  const glue = ["measuring.js"];
  const module = (from, name) => bundle(from, inShell(name), { external: [...beside([...scripts, ...texts, ...glue].filter((other) => other !== name)), ...OF_A_CASE.module] });
  const workerd = (from, name, kind = "workerd") => bundle(from, inShell(name), { ...forWorkerd(OF_A_CASE.module), plugins: [insteadOf(kind)] });
  const asked = (from, name, ...more) => bundle(from, inShell(name), forRequire({ plugins: [...more, insteadOf(name === "slim.cjs" ? "slim" : "case"), byRequire] }));
  const inside = Object.fromEntries(["inside.js", "inside-any.js", "inside-explain.js"].map((name, index) => [name, INSIDE.case[index]]));
  const entries = ["index.js", "predict.js", "fetch.js", "certainty.js", "unknown.js", "measure.js", "units.js", "element.js"];
  await Promise.all([
    ...[...new Set([...entries, "sheets.js", "told.js", ...OWN])].map((name) => module(inside[name] ?? name, name)),
    bundle("slim.case.js", inShell("slim.js"), { plugins: [insteadOf("slim")], external: [...beside([...SHARED, "told.js"]), ...OF_A_CASE.module] }),
    ...["index", "fetch", "predict", "unknown"].map((name) => workerd(`${name}.js`, `${name}.workerd.js`)),
    workerd("slim.case.js", "slim.workerd.js", "slim"),
    ...["index", "predict", "certainty", "unknown", "measure", "units", "rows", "sheets", "element"].map((name) => asked(`${name}.js`, `${name}.cjs`)),
    asked("slim.case.js", "slim.cjs"),
    asked("fetch.js", "fetch.cjs", indexRequired),
  ]);
  const made = [...new Set([...entries, "sheets.js", "told.js", ...OWN, "slim.js"])];
  const others = ["index", "fetch", "predict", "slim", "unknown"].flatMap((name) => [`${name}.workerd.js`, `${name}.cjs`]);
  for (const name of [...made, ...others, "certainty.cjs", "measure.cjs", "units.cjs", "rows.cjs", "sheets.cjs", "element.cjs"]) {
    write(name, readFileSync(inShell(name), "utf8"));
  }
  for (const name of [...SHARED, ...texts, ...glue, ...COMMAND.filter((name) => !["command.js", "sealing.js"].includes(name))]) {
    write(name, readFileSync(path.join(folder, name), "utf8"));
  }
  for (const name of TYPES.filter((name) => !["case", "converter"].includes(name))) {
    write(`${name}.d.ts`, source(`${name}.d.ts`));
    write(`${name}.d.cts`, required(source(`${name}.d.ts`)));
  }
  for (const name of ["case", "measured", "observed"]) {
    const script = source(`${name}.template.js`);
    write(`${name}.js`, script);
    write(`${name}.cjs`, script.replaceAll("export const ", "exports."));
  }
  const types = source("case.template.d.ts");
  write("command.js", source("command.template.js"));
  write("case.d.ts", types);
  write("case.d.cts", required(types));
  write("README.md", readFileSync(path.join(npm, "README.template.md"), "utf8"));
  write("package.json", packageJson(description));
  for (const name of [...MODULES, ...LICENSES]) {
    cpSync(path.join(folder, name), inShell(name));
    files.push(name);
  }
  writeFileSync(path.join(place, "package.json"), `${JSON.stringify({ files: files.sort(), templates: templates.sort() }, null, 1)}\n`);
}

/** The description of a sealed package: `wardian`'s own entries, without those that read other trainers' files. */
function packageJson({ exports, type, engines, sideEffects, main, module, types }) {
  const { "./convert": convert, "./shipped.wasm": shipped, "./package.json": own, ...others } = exports;
  const files = ["./model.wardian", "./case.json", "./openapi.json"];
  const described = {
    name: "@@name@@",
    version: "@@version@@",
    description: "@@description@@",
    license: "@@license@@",
    type,
    engines,
    sideEffects,
    bin: { "@@bin@@": "bin.js" },
    main,
    module,
    types,
    exports: { ...others, ...Object.fromEntries(files.map((name) => [name, name])), "./package.json": own },
  };
  return `${JSON.stringify(described, null, 2)}\n`;
}
