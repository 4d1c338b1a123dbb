// No word of one model is in `npm/`: what a package says of its case comes from the case.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const npm = fileURLToPath(new URL("../../npm", import.meta.url));
const { features } = JSON.parse(readFileSync(new URL("../../models/diabetes/schema.json", import.meta.url), "utf8"));
/** Names of two words, which are nobody else's; and what the study was about. */
const OWN = [...features.map(({ name }) => name).filter((name) => name.includes("_")), "diabet", "glucose", "insulin", "pregnan", "pima", "women", "woman", "katana"];

test("npm/ has no word of the diabetes model", () => {
  const found = [];
  for (const entry of readdirSync(npm, { recursive: true, withFileTypes: true }).filter((each) => each.isFile())) {
    const file = path.join(entry.parentPath, entry.name);
    const text = readFileSync(file, "utf8").toLowerCase();
    found.push(...OWN.filter((word) => text.includes(word)).map((word) => `${path.relative(npm, file)}: ${word}`));
  }
  assert.deepEqual(found, []);
});
