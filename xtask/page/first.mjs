// What the page runs first, as one script. esbuild makes a chunk of whatever two entries share; of what every other script finds
// already there, one file is a fifth smaller than a dozen, and asked for at once.
import { createHash } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { root } from "./bundle.mjs";

const require = createRequire(path.join(root, "tests/e2e/package.json"));
const esbuild = require("esbuild");
const { minify } = require("terser");

/** What the other scripts call it; the import map says which file that is. */
export const FIRST = "first.js";

/** An export of a chunk, as the one script calls it: the chunk's name has its hash, so a script's text says all that it depends on. */
const alias = (chunk, name) => `${name}$${chunk.replace(/\.js$/, "").slice(-4)}`;

/**
 * Puts the entry and the chunks that it imports before it runs (`chunks`, files of `folder`) into one file, and has the scripts `others`
 * import it. The file's name.
 */
export async function mergeFirst(folder, entry, chunks, others) {
  const used = new Map();
  const renamed = (chunk, specifiers) =>
    specifiers.split(",").map((specifier) => {
      const [name, own = name] = specifier.trim().split(" as ");
      used.set(alias(chunk, name), { chunk, name });
      return `${alias(chunk, name)} as ${own}`;
    });
  for (const file of others) {
    const all = [];
    const place = path.join(folder, file);
    const text = readFileSync(place, "utf8").replace(/import(?:\{([^{}]*)\}from)?"\.\/([\w.-]+)";/g, (whole, specifiers, from) => {
      if (!chunks.includes(from)) {
        return whole;
      }
      all.push(...(specifiers === undefined ? [] : renamed(from, specifiers)));
      return "";
    });
    if (chunks.some((chunk) => text.includes(`"./${chunk}"`))) {
      throw new Error(`${file} imports what is first in a way that is not known here`);
    }
    writeFileSync(place, `${all.length > 0 ? `import{${all.join(",")}}from"./${FIRST}";` : ""}${text}`);
  }
  const exported = [...used].map(([name, from]) => `export { ${from.name} as ${name} } from "./${from.chunk}";`);
  const apart = {
    name: "apart",
    setup(building) {
      building.onResolve({ filter: /^\.\// }, ({ path: name }) => (chunks.includes(name.slice(2)) ? undefined : { path: name, external: true }));
    },
  };
  const { outputFiles } = await esbuild.build({
    stdin: { contents: [`import "./${entry}";`, ...exported].join("\n"), resolveDir: folder },
    bundle: true,
    minify: true,
    charset: "utf8",
    target: "es2022",
    format: "esm",
    outdir: folder,
    write: false,
    logLevel: "warning",
    plugins: [apart],
  });
  // As the scripts of `npm/` are: a fortieth fewer bytes after gzip.
  const { code } = await minify(outputFiles[0].text, { module: true, compress: { passes: 3, unsafe_arrows: true, pure_getters: true }, mangle: true });
  const made = `first-${createHash("sha256").update(code).digest("hex").slice(0, 8).toUpperCase()}.js`;
  chunks.forEach((chunk) => rmSync(path.join(folder, chunk)));
  writeFileSync(path.join(folder, made), code);
  return made;
}
