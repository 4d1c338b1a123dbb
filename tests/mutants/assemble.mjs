// Puts the package together from the mutated scripts, in Stryker's copy of the repository: node tests/mutants/assemble.mjs.
// The modules and what else was generated are taken as `cargo xtask build` left them.
import { createRequire } from "node:module";
import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { flatten } from "../../xtask/flat.mjs";

const here = fileURLToPath(new URL("../../", import.meta.url));
const built = path.join(process.env.WARDIAN_ROOT, "target");
const tools = path.join(here, "tests/e2e/node_modules");
if (!existsSync(tools)) {
  symlinkSync(path.join(process.env.WARDIAN_ROOT, "tests/e2e/node_modules"), tools, "dir");
}
const { build } = createRequire(path.join(here, "tests/e2e/package.json"))("esbuild");
const [bound, folder] = ["bound", "package"].map((name) => path.join(here, "target", name));

for (const place of [bound, folder]) {
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place, { recursive: true });
}
cpSync(path.join(built, "bound"), bound, { recursive: true });
flatten(path.join(here, "npm"), bound);
for (const name of readdirSync(path.join(built, "package")).filter((each) => /^convert\.js$|_bg\.wasm$/.test(each))) {
  copyFileSync(path.join(built, "package", name), path.join(folder, name));
}
// As xtask/src/page.rs has them, but for the minifier.
const SCRIPTS = ["wardian.js", "rest.js", "pool.js", "worker.js", "explain.js", "card.js", "handle.js", "rows.js"];
for (const name of SCRIPTS) {
  await build({
    entryPoints: [path.join(bound, name)],
    outfile: path.join(folder, name),
    bundle: true,
    format: "esm",
    target: "es2022",
    logLevel: "warning",
    external: [...SCRIPTS.map((other) => `./${other}`), "node:*"],
    loader: { ".json": "text", ".wasm": "binary" },
  });
}
execFileSync(process.execPath, [path.join(here, "xtask/package.mjs"), bound, folder], { stdio: "inherit" });
