// Pages of other models than the shipped one: a case of each kind of answer, sealed by the command line, and every place of its page.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import Papa from "papaparse";
import { prepare, violations } from "./axe.mjs";
import { hosted } from "./page.mjs";
import { ofRepository, seal } from "./sealing.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), "wardian-kinds-"));
after(() => rmSync(folder, { recursive: true }));

/** Text that would run if it were taken for HTML, or be seen elsewhere than where it is. */
const HOSTILE = '"><img src=x onerror="document.title=1"><script>document.title=2</script>&amp; \u202e 😀 שלום';
/** Names that objects have of their own, that are HTML, that are written from right to left, and one that is too long for any line. */
const NAMES = ["__proto__", HOSTILE, "constructor", "n".repeat(1000)];

/** A case in a folder of its own: the model, and what `case.json` says. */
function caseOf(name, model, said, change = (text) => text) {
  const own = path.join(folder, `${name}-case`);
  mkdirSync(own);
  writeFileSync(path.join(own, "model.json"), change(readFileSync(path.join(root, "tests/golden", model), "utf8")));
  writeFileSync(path.join(own, "case.json"), JSON.stringify({ model: "model.json", ...said }));
  return own;
}

function renamed(text) {
  const model = JSON.parse(text);
  model.learner.feature_names = NAMES;
  return JSON.stringify(model);
}

const HOSTILE_CASE = {
  title: HOSTILE,
  outcome: HOSTILE,
  features: NAMES.map((name) => ({ name, label: HOSTILE + name, help: HOSTILE, group: HOSTILE, unit: HOSTILE.slice(0, 30) })),
  words: { "app.lede": HOSTILE, "app.notice": HOSTILE },
  card: { title: HOSTILE, limits: [HOSTILE], other_words: HOSTILE, performance: { columns: [HOSTILE, "b"], rows: [[HOSTILE, 1]] }, groups: { age: "none" }, calibration: 3 },
};

/** A case of each kind: where it is, and the columns that a file gets. */
const CASES = {
  petal: { of: () => ofRepository("petal"), added: ["prediction"] },
  wine: { of: () => ofRepository("wine"), added: ["class", "probability_barbera", "probability_barolo", "probability_grignolino"] },
  count: { of: () => caseOf("count", "counts.json", {}), added: ["prediction"] },
  time: { of: () => caseOf("time", "counts.json", { kind: "time" }), added: ["prediction"] },
  hazard: { of: () => caseOf("hazard", "counts.json", { kind: "hazard" }), added: ["prediction"] },
  score: { of: () => caseOf("score", "versions/2.1.4/raw.json", {}), added: ["prediction"] },
  targets: { of: () => caseOf("targets", "vector_leaves.json", {}), added: ["prediction_0", "prediction_1", "prediction_2"] },
  "largest class": { of: () => caseOf("largest", "largest_class.json", {}), added: ["class"] },
  "many features": { of: () => caseOf("many", "many_features.json", {}), added: ["probability"] },
  hostile: { of: () => caseOf("hostile", "classes.json", HOSTILE_CASE, renamed), added: ["class", "probability_0", "probability_1", "probability_2"] },
};

async function visit(page, name) {
  await page.locator(`#tab-${name}`).click();
  await page.locator(`#place-${name} .loading`).first().waitFor({ state: "detached" });
}

for (const [name, { of, added }] of Object.entries(CASES)) {
  describe(name, () => {
    const built = path.join(folder, name);
    before(() => seal(of(), built));
    const host = hosted({ folder: built });

    test("every place works, no text of it runs, and axe finds nothing", async () => {
      const page = await host.open({ viewport: { width: 820, height: 900 }, reducedMotion: "reduce" });
      await prepare(page);
      await page.locator("#example").click();
      await page.locator(".result:not(.empty)").waitFor();
      await page.locator("#print").waitFor();
      const title = await page.title();
      assert.deepEqual(await violations(page), [], "form");

      await visit(page, "rows");
      await page.locator(".drop button").click();
      await page.locator("#rows-score:enabled").click();
      await page.locator(".outcome").waitFor();
      assert.deepEqual(await violations(page), [], "rows");
      const [download] = await Promise.all([page.waitForEvent("download"), page.locator("#rows-download").click()]);
      const { data: [names, ...rows] } = Papa.parse(readFileSync(await download.path(), "utf8"), { skipEmptyLines: true });
      assert.deepEqual(names.slice(-added.length - 1), [...added, "error"]);
      assert.ok(rows.length >= 20 && rows.every((cells) => cells.at(-1) === "" && cells.at(-2) !== ""), `${rows.length} rows`);

      await visit(page, "rest");
      await page.locator("#console-send:enabled").click();
      await page.locator("#console-status strong").waitFor();
      assert.equal(await page.locator("#console-status strong").textContent(), "200 OK");
      assert.deepEqual(await violations(page), [], "rest");

      await visit(page, "about");
      await page.locator("#selftest-run").click();
      await page.locator("#selftest-result .verdict").waitFor();
      const [same, all] = (await page.locator("#selftest-result .verdict").textContent()).match(/\d+/g);
      assert.ok(same === all && Number(all) >= 20, `${same} of ${all}`);
      assert.deepEqual(await violations(page), [], "about");
      assert.equal(await page.title(), title);
      assert.equal(await page.locator("img[src=x]").count(), 0);
    });

    test("no width scrolls sideways, in any place or language", async () => {
      for (const [width, locale] of [[360, "es-ES"], [820, "zh-CN"], [1440, "en-GB"]]) {
        const page = await host.open({ locale, viewport: { width, height: 900 } });
        await page.locator("#example").click();
        await page.locator("#print").waitFor();
        for (const place of ["person", "rows", "rest", "about"]) {
          await visit(page, place);
          const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          assert.ok(over <= 0, `${place} at ${width}: ${over} pixels too wide`);
        }
      }
    });
  });
}

test("a case that is sealed twice is the same page", () => {
  const [one, other] = ["one", "other"].map((name) => path.join(folder, name));
  [one, other].forEach((to) => seal(ofRepository("petal"), to));
  const page = (from) => readFileSync(path.join(from, "page.html"));
  assert.ok(page(one).equals(page(other)));
});
