// The scripts and types of `npm/`, which stand in rooms there, in one folder, as they do in what is built:
// node xtask/flat.mjs <npm> <folder>. `../model/wardian.js` becomes `./wardian.js`.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { filled, tokens } from "./case.mjs";

/** A script's text where all others stand beside it. */
export const flattened = (text) => text.replace(/(\b(?:from|import) ?\(?)"\.\.?\/(?:[a-z]+\/)?([\w.-]+)"/g, '$1"./$2"');

/** The files in the rooms of a folder by name, with where each is; two of one name are refused. */
export function filesInRooms(folder) {
  const files = new Map();
  for (const room of readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
    for (const name of readdirSync(path.join(folder, room.name))) {
      if (files.has(name)) {
        throw new Error(`two files are called ${name}, and are to stand in one folder: ${room.name}/${name}, ${files.get(name)}`);
      }
      files.set(name, path.join(folder, room.name, name));
    }
  }
  return files;
}

/** Writes the files in the rooms of `from` into one folder, with what this project's own package says of its case. */
export function flatten(from, to) {
  mkdirSync(to, { recursive: true });
  for (const [name, place] of filesInRooms(from)) {
    writeFileSync(path.join(to, name), flattened(readFileSync(place, "utf8")));
  }
  for (const name of ["case.js", "command.js", "measured.js", "observed.js", "case.d.ts"]) {
    const template = name.replace(".", ".template.");
    writeFileSync(path.join(to, name), filled(readFileSync(path.join(to, template), "utf8"), tokens()));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  flatten(...process.argv.slice(2));
}
