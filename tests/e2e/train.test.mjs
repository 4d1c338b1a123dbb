// Training in wasm: the same bytes as `wardian train` makes, and the same errors.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { rust } from "./package.mjs";
import { CrossValidation, look, read, train } from "./train.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = mkdtempSync(path.join(os.tmpdir(), "wardian-train-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const diabetes = readFileSync(path.join(root, "models/diabetes/pima-indians-diabetes.csv"));

/** Numbers that are the same every time. */
function random(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A table of columns of every kind: ties, missing values, a constant, tiny and huge numbers, texts. */
function drawn(seed, rows, isBinary) {
  const next = random(seed);
  const lines = ["tie,gap,one,tiny,huge,half,city,flag,label"];
  for (let row = 0; row < rows; row += 1) {
    const [tie, gap, tiny, huge, half] = [Math.floor(next() * 4), next(), next() * 1e-30, (next() - 0.5) * 1e30, next()];
    const city = ["Oslo", "Roma", "<script>", "上海"][Math.floor(next() * 4)];
    const score = tie * 0.3 + (gap < 0.3 ? 1 : gap) + tiny * 1e30 - huge * 1e-30 + (city === "Roma" ? 1 : 0) + next();
    const label = isBinary ? Number(score > 2.2) : (score * 1e-9).toExponential(5);
    lines.push([tie, gap < 0.3 ? "" : gap.toFixed(3), 7, tiny, huge, half < 0.5 ? "NA" : half, city, half < 0.3 ? "True" : "False", label].join(","));
  }
  return Buffer.from(`${lines.join("\n")}\n`);
}

const TABLES = [
  ["the diabetes data", diabetes, "diabetes", {}],
  ["a regression on it", diabetes, "mass_index", { trees: 60, depth: 6, shrinkage: 0.3, smallestLeaf: 3 }],
  ...[1, 2, 3].flatMap((seed) => [true, false].map((isBinary) => [`table ${seed}, ${isBinary ? "binary" : "a regression"}`, drawn(seed, 700, isBinary), "label", { trees: 40, depth: 2 + seed * 2 }])),
  ["two texts, decimal commas", Buffer.from(`a;b;y\n${Array.from({ length: 90 }, (_, row) => `${row % 7},5;${row % 11};${row % 3 ? "sick" : "well"}`).join("\r\n")}`), "y", {}],
];

for (const [name, bytes, label, growing] of TABLES) {
  test(`the same bytes natively and in wasm: ${name}`, async () => {
    const [data, output] = [path.join(folder, "data.csv"), path.join(folder, "model.wardian")];
    writeFileSync(data, bytes);
    const words = Object.entries(growing).flatMap(([key, value]) => [`--${key.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`)}`, `${value}`]);
    const { status, stderr } = await rust("train", data, "--label", label, "-o", output, ...words);
    assert.equal(status, 0, stderr);
    assert.ok(Buffer.from(train(bytes, { label }, growing)).equals(readFileSync(output)));
  });
}

test("what cannot be trained on is said in the same words", async () => {
  const FILES = [
    ["a,y\n1,1\n", "y"],
    ["a,b,y\n1,2,1\n2,1,0\n", "z"],
    ["a,b,y\n1,2,1\n2,1,1\n", "y"],
    ["a,b,y\n1,2,1\n2,1,\n", "y"],
    ["a,b,y\n1,2,1\n2,1,inf\n", "y"],
    ["a,b,y\n1,2,1\n1e39,1,0\n", "y"],
    ["a,a,y\n1,2,1\n2,1,0\n", "y"],
    ["a,b,y\n1,2,<b>\n2,1,b\n2,3,c\n1,1,c\n", "y"],
    ["1,2\n3,4\n", "y"],
    ["", "y"],
  ];
  for (const [text, label] of FILES) {
    const data = path.join(folder, "bad.csv");
    writeFileSync(data, text);
    const { stderr } = await rust("train", data, "--label", label, "-o", path.join(folder, "none"));
    assert.throws(
      () => train(Buffer.from(text), { label }),
      (error) => {
        assert.equal(error.name, "WardianError");
        assert.equal(`wardian: ${data}: ${error.message}\n`, stderr);
        return typeof error.code === "string";
      },
    );
  }
  assert.throws(() => train(diabetes, { label: "diabetes" }, { trees: "9" }), { message: "the option trees is of another type" });
  assert.throws(() => train(diabetes, { label: "diabetes" }, { depth: 31 }), { message: "the depth must be 1 to 30" });
});

test("a look tells what columns are, in texts that are no HTML", () => {
  const told = look(drawn(1, 300, true)).told();
  assert.deepEqual(
    told.columns.map(({ name, kind, label, taken, missing }) => [name, kind, label, taken, missing > 0]),
    [
      ["tie", "number", "number", true, false],
      ["gap", "number", "number", true, true],
      ["one", "constant", "none", false, false],
      ["tiny", "number", "number", true, false],
      ["huge", "number", "number", true, false],
      ["half", "number", "number", true, true],
      ["city", "choices", "classes", true, false],
      ["flag", "number", "binary", true, false],
      ["label", "number", "binary", true, false],
    ],
  );
  assert.equal(told.rows, 300);
  assert.deepEqual(told.columns[6].choices, ["<script>", "Oslo", "Roma", "上海"]);
  assert.match(told.columns[2].whyNot, /one value in every row/);
});

test("cross-validation in wasm is that of the command", async () => {
  const validation = new CrossValidation(read(diabetes, { label: "diabetes", without: ["age"] }), { trees: 20 }, 5);
  const seen = [];
  do seen.push(validation.step());
  while (seen.at(-1) < validation.trees);
  assert.deepEqual(seen, Array.from({ length: 100 }, (_, index) => index + 1));
  const { figures, folds, answers, labels, foldOf, isBinary } = validation.finish();
  assert.ok(isBinary && folds.length === 5 && answers.length === 768 && labels.length === 768);
  assert.deepEqual([...new Set(foldOf)].sort(), [0, 1, 2, 3, 4]);
  const data = path.join(root, "models/diabetes/pima-indians-diabetes.csv");
  const { stdout } = await rust("train", data, "--label", "diabetes", "--without", "age", "--trees", "20", "--folds", "5");
  const [auc, brier] = [figures.auc, figures.brier].map(({ mean, spread }) => `${mean.toFixed(4)} ± ${spread.toFixed(4)}`);
  assert.equal(
    stdout,
    "768 rows in 5 folds, each answered by a model that was trained on the others\n" +
      `AUC          ${auc}   the mean label alone: 0.5000\nBrier score  ${brier}   the mean label alone: ${figures.brier.baseline.toFixed(4)}\n`,
  );
  // The figures are those of the answers that are handed out.
  const squares = answers.reduce((sum, answer, row) => sum + (answer - labels[row]) ** 2, 0);
  assert.ok(Math.abs(squares / 768 - figures.brier.mean) < 1e-3);
});
