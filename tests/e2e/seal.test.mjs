// `npx wardian seal` and the Rust program's: the same case, the same bytes and the same words.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { rust, wardian } from "./package.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = mkdtempSync(path.join(os.tmpdir(), "wardian-seal-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const PRODUCTS = ["page.html", "site/", "package.tgz", "module.wasm", "model.wardian", "openapi.json", "card.html", "case.json"];
const models = path.join(root, "models");
const trainers = path.join(root, "tests/golden/trainers");
const CASES = [
  ...readdirSync(models).filter((name) => existsSync(path.join(models, name, "case.json"))).map((name) => [path.join(models, name)]),
  ...readdirSync(trainers).filter((name) => /\.(pickle|cbm|joblib)$/.test(name)).map((name) => [path.join(trainers, name), "--title", "A title", "--name", "@a/b"]),
  [path.join(root, "models/diabetes/diabetes.ubj"), "--data", path.join(root, "models/diabetes/pima-indians-diabetes.csv"), "--kind", "risk", "--lang", "es"],
  [path.join(root, "models/diabetes/diabetes.ubj"), "--held-out", path.join(root, "models/diabetes/pima-indians-diabetes.csv"), "--label", "diabetes", "--group", "times_pregnant"],
  [path.join(root, "models/diabetes/diabetes.ubj"), "--data", path.join(root, "tests/cases/workbooks/several.xlsx"), "--sheet", "Rows"],
  [path.join(root, "models/diabetes/diabetes.ubj"), "--held-out", worded(), "--label", "diabetes", "--positive", "sick", "--column", "glucose=#2", "--column", "age=old", "--header", "yes", "--delimiter", "tab"],
];

/** Rows whose labels are two texts, and of which one column is called otherwise, with tabs between cells. */
function worded() {
  const [header, ...lines] = readFileSync(path.join(root, "models/diabetes/pima-indians-diabetes.csv"), "utf8").trim().split("\n");
  const rows = [header.replace("age", "old"), ...lines.map((line) => line.replace(/,1\s*$/, ",sick").replace(/,0\s*$/, ",well"))];
  const file = path.join(folder, "worded.csv");
  writeFileSync(file, rows.join("\n").replaceAll(",", "\t"));
  return file;
}

/** The hashes of all files in a folder. */
function hashes(place) {
  const files = readdirSync(place, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const named = files.map((entry) => path.join(entry.parentPath, entry.name)).sort();
  return named.map((file) => `${path.relative(place, file)} ${createHash("sha256").update(readFileSync(file)).digest("hex")}`);
}

/** What is said, without the place and the seconds. */
const said = ({ status, stderr }, place) => [status, stderr.replaceAll(place, "…").replace(/, \d+\.\d+ s\n/, ", … s\n")];

/** Both programs' products of a case and what they say. */
async function both(words, products = PRODUCTS) {
  return Promise.all(
    [["rust", rust], ["npm", wardian]].map(async ([name, program]) => {
      const place = mkdtempSync(path.join(folder, `${name}-`));
      const answer = await program("seal", ...words, ...products.flatMap((product) => ["-o", path.join(place, product) + (product.endsWith("/") ? "/" : "")]));
      return { hashes: hashes(place), said: said(answer, place) };
    }),
  );
}

for (const words of CASES) {
  test(`sealed alike: ${path.relative(root, words[0])} ${words.slice(1).join(" ").replaceAll(root, "")}`, async () => {
    const [ours, theirs] = await both(words);
    assert.deepEqual(theirs.said, ours.said);
    assert.equal(ours.said[0], 0, ours.said[1]);
    assert.deepEqual(theirs.hashes, ours.hashes);
    assert.ok(ours.hashes.length > PRODUCTS.length + 3, ours.hashes.join("\n"));
  });
}

test("mistakes are refused alike, and nothing is left behind", async () => {
  const place = mkdtempSync(path.join(folder, "case-"));
  writeFileSync(path.join(place, "case.json"), '{"titel": "x"}');
  const ubj = path.join(root, "models/diabetes/diabetes.ubj");
  const wrong = [
    [[place], ["a.html"]],
    [[ubj, "--name", "No name"], ["a.html"]],
    [[ubj, "--kind", "classes"], ["a.html"]],
    [[ubj], ["a.pdf"]],
    [[ubj, "--held-out", path.join(root, "models/diabetes/pima-indians-diabetes.csv"), "--label", "nobody"], ["a.html"]],
    [[ubj], ["a.html", "a.html"]],
    [[ubj, "--held-out", worded(), "--label", "diabetes", "--column", "age=old"], ["a.html"]],
    [[ubj, "--held-out", worded(), "--label", "diabetes", "--column", "age=old", "--positive", "ill"], ["a.html"]],
    [[ubj, "--data", worded(), "--column", "age"], ["a.html"]],
    [[ubj, "--data", worded(), "--header", "maybe"], ["a.html"]],
    [[ubj, "--data", worded(), "--decimal", "x"], ["a.html"]],
  ];
  for (const [words, products] of wrong) {
    const [ours, theirs] = await both(words, products);
    assert.equal(ours.said[0], 1, ours.said[1]);
    assert.deepEqual(theirs.said, ours.said);
    assert.deepEqual([ours.hashes, theirs.hashes], [[], []]);
  }
});

test("a folder with other files is left alone unless --force is said", async () => {
  const place = path.join(folder, "kept");
  mkdirSync(place);
  writeFileSync(path.join(place, "note.txt"), "mine");
  const words = ["seal", path.join(root, "models/diabetes/diabetes.ubj"), "-o", place];
  const [ours, theirs] = [await rust(...words), await wardian(...words)];
  assert.deepEqual([theirs.status, theirs.stderr], [ours.status, ours.stderr]);
  assert.equal(readFileSync(path.join(place, "note.txt"), "utf8"), "mine");
  const forced = await wardian(...words, "--force");
  assert.equal(forced.status, 0, forced.stderr);
  assert.ok(!existsSync(path.join(place, "note.txt")) && existsSync(path.join(place, "index.html")));
});
