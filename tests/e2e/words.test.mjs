// No word of one model is in what serves any: not in its code, its texts in any language, its HTML, its styles.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** Folders that serve any model. */
const FOLDERS = ["www"];
/** What is built or fetched, and no source. */
const NOT_OURS = /^(dist.*|node_modules|package-lock\.json)$/;
/** Words that only a model's own texts may have, in the languages that the page speaks; and the names of the cases. */
const FORBIDDEN = [
  /diabet|glucos|insulin|pima\b|pregnan|pedigree|katana|skin.?fold|mass_index|\bwom[ae]n|\bshe\b|\bher\b|\bstud(y|ies)\b/i,
  /mujer|estudio\b|embaraz|sanitario|pliegue/i,
  /糖尿|血糖|胰岛素|女性|怀孕|研究/,
  /\biris\b|\bpetal\b|\bsepal\b|\bwines?\b|piedmont|barolo/i,
];

function* filesIn(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const place = path.join(folder, entry.name);
    if (NOT_OURS.test(entry.name)) {
      continue;
    }
    if (entry.isDirectory()) {
      yield* filesIn(place);
    } else if (/\.(jsx?|mjs|css|html|webmanifest|json|svg)$/.test(entry.name)) {
      yield place;
    }
  }
}

for (const folder of FOLDERS) {
  test(`${folder}/ has no word of one model`, () => {
    const found = [];
    let files = 0;
    for (const file of filesIn(path.join(root, folder))) {
      files += 1;
      readFileSync(file, "utf8").split("\n").forEach((line, index) => {
        for (const words of FORBIDDEN.filter((pattern) => pattern.test(line))) {
          found.push(`${path.relative(root, file)}:${index + 1}: ${words.exec(line)[0]}`);
        }
      });
    }
    assert.ok(files > 100, `${files} files`);
    assert.deepEqual(found, []);
  });
}
