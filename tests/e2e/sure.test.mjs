// How sure an answer is, on the pages of cases that were sealed with rows which their models were not trained on; and that it is not known.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { intervalOf } from "../../npm/model/sure.js";
import { fill, hosted } from "./page.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const folder = mkdtempSync(path.join(tmpdir(), "wardian-sure-"));
after(() => rmSync(folder, { recursive: true }));

/** The rows of a CSV file, each with a label that is made of its cells by name. */
function labelled(name, from, labelOf) {
  const [names, ...rows] = readFileSync(path.join(root, from), "utf8").trim().split("\n").map((line) => line.split(","));
  const cells = (row) => Object.fromEntries(names.map((each, place) => [each, row[place]]));
  const lines = rows.map((row, index) => [...row, labelOf(cells(row), index)].join());
  const place = path.join(folder, `${name}.csv`);
  writeFileSync(place, [[...names, "seen"].join(), ...lines].join("\n"));
  return place;
}

const CLASSES = ["barbera", "barolo", "grignolino"];
const likeliest = (row) => CLASSES.reduce((best, name) => (Number(row[name]) > Number(row[best]) ? name : best));

/** Cases: where they are, which rows were held out, and what their pages say. */
const CASES = {
  number: {
    from: "models/petal",
    rows: () => labelled("number", "models/petal/golden.csv", ({ prediction }, index) => Number(prediction) + Math.sin(index * 7)),
    more: ["--group", "species"],
    said: /^Between \d\.\d\d and \d\.\d\d cm: in 90 of 100 cases/,
    spanish: /^Entre \d,\d\d y \d,\d\d cm/,
    figures: ["Mean absolute error", "Variance explained (R²)", "Interval of one width"],
  },
  risk: {
    from: "models/diabetes/diabetes.ubj",
    rows: () => labelled("risk", "models/diabetes/pima-indians-diabetes.csv", ({ diabetes }) => diabetes),
    more: [],
    said: /^Calibrated by rows that the model was not trained on: between \d+(\.\d)?% and \d+(\.\d)?%\.$/,
    spanish: /^Calibrada con filas ajenas al entrenamiento: entre \d+(,\d)?\s?% y \d+(,\d)?\s?%\.$/,
    figures: ["AUC (0.5 is chance, 1 perfect)", "Brier score", "Told positive"],
  },
  classes: {
    from: "models/wine",
    // Every fifth row is of another class than the likeliest.
    rows: () => labelled("classes", "models/wine/golden.csv", (row, index) => (index % 5 === 0 ? CLASSES[index % 3] : likeliest(row))),
    more: [],
    said: /^In 90 of 100 cases the class that is then seen is among: .*Barb|Barolo|Grignolino/i,
    spanish: /^En 90 de cada 100 casos/,
    figures: ["Told right", "Logarithmic loss", "Set of classes"],
  },
};

/** Seals a case. `WARDIAN_SHELL` is another shell than the command’s own. */
function seal(from, to, words) {
  const shell = process.env.WARDIAN_SHELL === undefined ? [] : ["--shell", process.env.WARDIAN_SHELL];
  execFileSync(process.env.WARDIAN_COMMAND, ["seal", path.join(root, from), ...words, ...shell, "-o", to], { stdio: "pipe" });
}

async function violations(page) {
  const { violations: found } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).slice(0, 3).join("; ")}`);
}

for (const [name, { from, rows, more, said, spanish, figures }] of Object.entries(CASES)) {
  describe(name, () => {
    const built = path.join(folder, name);
    before(() => {
      const held = rows();
      const words = ["--held-out", held, "--label", "seen", ...more];
      seal(from, `${built}/`, words);
    });
    const host = hosted({ folder: built });

    test("the answer's interval and the card's figures are shown, with whose rows they are by", async () => {
      const page = await host.open({ viewport: { width: 820, height: 900 }, reducedMotion: "reduce" });
      await page.evaluate(axe);
      await page.locator("#example").click();
      await page.locator("#sure").waitFor();
      assert.match(await page.locator("#sure").textContent(), said);
      assert.match(await page.locator("#sure-measured").textContent(), /^Measured on \d+ rows/);
      await page.locator("#print").waitFor();
      assert.deepEqual(await violations(page), []);
      await page.locator("#tab-about").click();
      await page.locator("#given h4").waitFor();
      const text = await page.locator("#given").textContent();
      assert.match(text, /If the model was trained on them, these figures flatter it/);
      figures.forEach((figure) => assert.ok(text.includes(figure), `${figure}: ${text}`));
      assert.deepEqual(await violations(page), []);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(over <= 0, `${over} pixels too wide`);
    });

    test("another language says it, and a phone has room for it", async () => {
      const page = await host.open({ locale: "es-ES", viewport: { width: 360, height: 800 } });
      await page.locator("#example").click();
      await page.locator("#sure").waitFor();
      assert.match(await page.locator("#sure").textContent(), spanish);
      await page.locator("#tab-about").click();
      await page.locator("#given table").first().waitFor();
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(over <= 0, `${over} pixels too wide`);
    });

    test("from a disk, in one file, it is the same", async () => {
      const { browser } = host;
      const page = await browser.newPage({ locale: "en-GB" });
      await page.goto(pathToFileURL(path.join(built, "page.html")).href);
      await page.locator("#example").click();
      await page.locator("#sure").waitFor();
      assert.match(await page.locator("#sure").textContent(), said);
      await page.close();
    });

    test("what it says is what the case says", async () => {
      const certainty = JSON.parse(readFileSync(path.join(built, "case/certainty.json"), "utf8"));
      const sure = intervalOf(certainty, name === "classes" ? [0.5, 0.3, 0.2] : 0.5);
      assert.ok(Object.keys(sure).length >= 2);
      assert.ok(certainty.rows >= 150);
    });
  });
}

describe("a risk outside its own range", () => {
  const built = path.join(folder, "outside");
  let rows;
  before(() => {
    rows = labelled("outside", "models/diabetes/pima-indians-diabetes.csv", ({ diabetes }) => diabetes);
    seal("models/diabetes/diabetes.ubj", `${built}/`, ["--held-out", rows, "--label", "seen"]);
  });
  const host = hosted({ folder: built });

  test("is said to be so, in three languages, and one within is not", async () => {
    const { Model } = await import("../../target/package/index.js");
    const model = new Model(readFileSync(path.join(root, "target/package/diabetes.wardian")));
    const certainty = JSON.parse(readFileSync(path.join(built, "case/certainty.json"), "utf8"));
    const names = model.description.features.map(({ name }) => name);
    const [first, ...lines] = readFileSync(rows, "utf8").split("\n").map((line) => line.split(","));
    const asked = lines.map((cells) => names.map((name) => cells[first.indexOf(name)]).join()).map((row) => ({ row, answer: model.predict(row).prediction }));
    const far = ({ answer }) => ((sure) => Math.max(sure.low - answer, answer - sure.high))(intervalOf(certainty, answer));
    const outside = asked.reduce((best, each) => (far(each) > far(best) ? each : best));
    const within = asked.find((each) => !intervalOf(certainty, each.answer).outside);
    assert.ok(far(outside) > 0.02 && intervalOf(certainty, outside.answer).outside, `${far(outside)}`);
    for (const [locale, said] of [["en-GB", /^The model says [\d.]+%; among rows with such answers [\d.]+% to [\d.]+% were positive: go by the range\.$/], ["es-ES", /^El modelo dice .* guíese por el margen\.$/], ["zh-CN", /^模型给出.*请以该范围为准。$/]]) {
      const page = await host.open({ locale, viewport: { width: 390, height: 900 } });
      await fill(page, names, outside.row);
      await page.locator("#sure-outside").waitFor();
      assert.match(await page.locator("#sure-outside").textContent(), said);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(over <= 0, `${over} pixels too wide`);
      await fill(page, names, within.row);
      await page.locator("#sure-outside").waitFor({ state: "detached" });
      await page.locator("#sure").waitFor();
    }
  });
});

for (const [name, { said, source }] of Object.entries({
  petal: { said: /^Between \d\.\d\d and \d\.\d\d cm: in 90 of 100 cases/, source: /^Measured on 149 rows: [\d.]+ ± [\d.]+ of 100\. Cross-validation of the same training, in 10 parts: each of the 149 flowers/ },
  wine: { said: /^In 90 of 100 cases the class that is then seen is among/, source: /^Measured on 177 rows: [\d.]+ ± [\d.]+ of 100\. Cross-validation of the same training, in 10 parts: each of the 177 wines/ },
})) {
  describe(`the ${name} case, whose rows other models have judged`, () => {
    const built = path.join(folder, `judged-${name}`);
    before(() => seal(`models/${name}`, `${built}/`, []));
    const host = hosted({ folder: built });

    test("says how sure, and whose answers tell it", async () => {
      const page = await host.open({ viewport: { width: 390, height: 900 }, reducedMotion: "reduce" });
      await page.evaluate(axe);
      await page.locator("#example").click();
      await page.locator("#sure").waitFor();
      assert.match(await page.locator("#sure").textContent(), said);
      assert.match(await page.locator("#sure-measured").textContent(), source);
      assert.doesNotMatch(await page.locator("main").textContent(), /that it was not trained on|It gives no range/);
      assert.deepEqual(await violations(page), []);
      await page.locator("#tab-about").click();
      await page.locator("#given h4").waitFor();
      assert.match(await page.locator("#given .help").first().textContent(), /^Cross-validation of the same training/);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(over <= 0, `${over} pixels too wide`);
      await page.locator("#language").selectOption("zh");
      await page.locator("#given .help", { hasText: "交叉验证" }).first().waitFor();
    });
  });
}

describe("without such rows", () => {
  const built = path.join(folder, "unknown");
  before(() => seal("models/petal/petal.lightgbm.txt", `${built}/`, []));
  const host = hosted({ folder: built });

  test("it is said that it is not known, and nothing is asked for", async () => {
    const page = await host.open();
    await page.locator("#example").click();
    await page.locator("#sure").waitFor();
    assert.match(await page.locator("#sure").textContent(), /is not known/);
    assert.ok(host.requests.every((url) => !url.includes("certainty.json")));
    assert.equal(await page.locator("#sure-measured").count(), 0);
  });
});

describe("the diabetes page", () => {
  const host = hosted();

  test("has its own interval, and fetches nothing of this", async () => {
    // A service worker keeps what may be asked for later.
    const page = await host.open({ serviceWorkers: "block" });
    await page.locator("#example").click();
    await page.locator("#interval").waitFor();
    await page.locator("#print").waitFor();
    assert.equal(await page.locator("#sure").count(), 0);
    assert.ok(host.requests.every((url) => !/certainty|Sure/.test(url)), host.requests.join("\n"));
  });
});
