// The JavaScript reference: node docs/reference.mjs <scratch> <folder>. The types are those of npm/, each named as it is imported.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Application } from "typedoc";
import { filled, tokens } from "../xtask/case.mjs";
import { filesInRooms, flattened } from "../xtask/flat.mjs";

const npm = fileURLToPath(new URL("../npm", import.meta.url));
const [scratch, folder] = process.argv.slice(2).map((name) => path.resolve(name));

/** What is imported by name, by the file of its types. */
const { exports } = JSON.parse(readFileSync(path.join(npm, "package.json"), "utf8"));
const types = (entry) => entry.types ?? entry.browser?.import.types ?? entry.import?.types;
const entries = new Map(
  Object.entries(exports)
    .filter(([name, entry]) => !/\.\w+$/.test(name) && types(entry) !== undefined)
    .map(([name, entry]) => [path.basename(types(entry)), path.posix.join("wardian", name)]),
);

rmSync(scratch, { recursive: true, force: true });
mkdirSync(scratch, { recursive: true });
const values = tokens();
for (const [name, place] of filesInRooms(npm)) {
  if (name.endsWith(".d.ts")) {
    const module = entries.get(name);
    const head = module === undefined ? "" : `/** @module ${module} */\n`;
    writeFileSync(path.join(scratch, name.replace(".template", "")), head + filled(flattened(readFileSync(place, "utf8")), values));
  }
}
const tsconfig = path.join(scratch, "tsconfig.json");
const lib = ["es2022", "dom", "dom.iterable", "dom.asynciterable"];
writeFileSync(tsconfig, JSON.stringify({ compilerOptions: { target: "es2022", module: "nodenext", lib, types: [] }, include: ["*.d.ts"] }));

const application = await Application.bootstrapWithPlugins({
  name: "wardian on npm",
  entryPoints: [...entries.keys()].map((name) => path.join(scratch, name)),
  tsconfig,
  readme: "none",
  favicon: fileURLToPath(new URL("../www/icon.svg", import.meta.url)),
  disableGit: true,
  disableSources: true,
  hideGenerator: true,
  treatWarningsAsErrors: true,
  logLevel: "Warn",
});
const project = await application.convert();
if (project === undefined || application.logger.hasErrors() || application.logger.hasWarnings()) {
  process.exit(1);
}
await application.generateDocs(project, folder);
