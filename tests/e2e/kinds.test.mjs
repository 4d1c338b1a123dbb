// Pages of other models than the shipped one: a case of each kind of answer, sealed by the command line, and every place of its page.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import Papa from "papaparse";
import { prepare, violations } from "./axe.mjs";
import { casesIn } from "./kinds.mjs";
import { hosted } from "./page.mjs";
import { ofRepository, seal } from "./sealing.mjs";

const folder = mkdtempSync(path.join(tmpdir(), "wardian-kinds-"));
after(() => rmSync(folder, { recursive: true }));

const CASES = casesIn(folder);

/** Units of fields that are shown shorter than they are, though they are not too long for their place. */
const cutUnits = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll(".entry .unit")]
      .filter((unit) => {
        const whole = unit.cloneNode(true);
        whole.style.cssText = "position: absolute; flex: none; width: auto; max-width: none";
        unit.after(whole);
        const [width, needed] = [unit, whole].map((element) => element.getBoundingClientRect().width);
        // Of what is within its border, as the style has it.
        const place = unit.parentElement.clientWidth;
        whole.remove();
        // More than half of the field is the number's.
        return width < Math.min(needed, 0.5 * place);
      })
      .map((unit) => unit.textContent),
  );

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

    test("no width scrolls sideways or cuts a unit, in any place or language", async () => {
      for (const [width, locale] of [[360, "es-ES"], [820, "zh-CN"], [1440, "en-GB"]]) {
        const page = await host.open({ locale, viewport: { width, height: 900 } });
        await page.locator("#example").click();
        await page.locator("#print").waitFor();
        assert.deepEqual(await cutUnits(page), [], `at ${width}`);
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
