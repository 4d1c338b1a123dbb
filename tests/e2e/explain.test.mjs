// The modules that explain and their scripts, in Node and in a real browser, compared bit for bit with the command line,
// which the oracle compares with XGBoost.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { LAUNCH } from "./browser.mjs";
import { golden } from "./golden.mjs";
import { EXPLAIN_CASES, MODEL_CASES, explainFailures } from "./explain-cases.mjs";
import { serve } from "./serve.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const scratch = mkdtempSync(path.join(tmpdir(), "wardian-explain-"));
after(() => rmSync(scratch, { recursive: true }));

const command = process.env.WARDIAN_COMMAND;
const wardian = (...args) => execFileSync(command, args, { cwd: root, maxBuffer: 1 << 28 }).toString();

/** The contributions and the base of each row and output that the command line wrote as CSV. */
function tableOf(csv) {
  const [header, ...lines] = csv.trimEnd().split("\n").map((line) => line.split(","));
  const base = header.indexOf("base");
  return lines.flatMap((fields) => [...fields.slice(base + 1), fields[base]].map(Number));
}

const MODELS = ["categories", "classes", "counts", "dart", "depth6_missing", "largest_class", "many_features", "single_leaf", "vector_leaves"];
const models = Object.fromEntries(
  MODELS.map((name) => {
    const [model, rows] = [path.join(scratch, `${name}.wardian`), `tests/golden/${name}.rows.csv`];
    wardian("convert", `tests/golden/${name}.ubj`, "--output", model);
    return [
      name,
      {
        bytes: [...readFileSync(model)],
        rows: readFileSync(path.join(root, rows), "utf8").trimEnd().split("\n"),
        table: tableOf(wardian("explain", "--model", model, "--csv", rows)),
      },
    ];
  }),
);
const withoutCovers = path.join(scratch, "without.wardian");
wardian("convert", "tests/golden/classes.ubj", "--no-covers", "--output", withoutCovers);
const json = (name) => JSON.parse(readFileSync(path.join(root, "models/diabetes", name), "utf8"));
const files = {
  diabetes: {
    names: json("card.json").model.inputs,
    rows: golden.map(({ data }) => data),
    table: tableOf(wardian("explain", "--csv", "models/diabetes/pima-indians-diabetes.csv")),
  },
  models,
  withoutCovers: [...readFileSync(withoutCovers)],
  card: json("card.page.json"),
  examples: json("card.json").interval.examples,
};

/** The page's folder, sealed around the shipped model, and the package's. */
const FOLDERS = { "www/dist": EXPLAIN_CASES, "target/package": { ...EXPLAIN_CASES, ...MODEL_CASES } };

for (const [folder, cases] of Object.entries(FOLDERS)) {
  test(`${Object.keys(cases).length} cases of explaining with ${folder} in Node`, async () => {
    const base = path.join(root, folder);
    const [module, explaining, card] = await Promise.all(
      ["wardian.js", "explain.js", "card.js"].map((name) => import(path.join(base, name))),
    );
    assert.throws(() => explaining.explain([]), { message: "explanations are not loaded yet: await loadExplainer() first" });
    module.loadSync(readFileSync(path.join(base, "engine_bg.wasm")));
    explaining.loadExplainerSync(readFileSync(path.join(base, "explain_bg.wasm")));
    assert.deepEqual(explainFailures(cases, explaining, module, files, card), []);
  });

  test(`${Object.keys(cases).length} cases of explaining with ${folder} in a browser`, async () => {
    const browser = await chromium.launch(LAUNCH);
    const server = await serve(path.join(root, folder), "/");
    try {
      const page = await browser.newPage();
      const source = readFileSync(new URL("explain-cases.mjs", import.meta.url), "utf8");
      await page.route("**/explain-cases.mjs", (route) => route.fulfill({ contentType: "text/javascript", body: source }));
      await page.route(server.url, (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html>" }));
      await page.goto(server.url);
      const failed = await page.evaluate(
        async ({ files, names }) => {
          const [module, explaining, card, all] = await Promise.all(
            ["wardian.js", "explain.js", "card.js", "explain-cases.mjs"].map((name) => import(new URL(name, document.baseURI))),
          );
          const address = (name) => new URL(name, document.baseURI);
          await Promise.all([module.load(address("engine_bg.wasm")), explaining.loadExplainer(address("explain_bg.wasm"))]);
          const cases = Object.entries({ ...all.EXPLAIN_CASES, ...all.MODEL_CASES }).filter(([name]) => names.includes(name));
          return all.explainFailures(Object.fromEntries(cases), explaining, module, files, card);
        },
        { files, names: Object.keys(cases) },
      );
      assert.deepEqual(failed, []);
    } finally {
      await browser.close();
      server.close();
    }
  });
}
