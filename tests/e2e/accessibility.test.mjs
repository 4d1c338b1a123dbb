// axe in every state of the pages of all three cases, in every language, light and dark, at three widths: no violation, of best practice
// neither.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { prepare, violations } from "./axe.mjs";
import { FOLDER, hosted } from "./page.mjs";
import { ofRepository, seal } from "./sealing.mjs";
import { OF_ANY_CASE, STATES } from "./states.mjs";

const LOCALES = ["en-GB", "zh-CN", "es-ES"];
const HEIGHT = 900;
/** Every look there is: one after the other light and dark. */
const LOOKS = [390, 820, 1440].flatMap((width) => ["light", "dark"].map((colorScheme) => ({ width, colorScheme })));

const folder = mkdtempSync(path.join(tmpdir(), "wardian-accessibility-"));
after(() => rmSync(folder, { recursive: true }));

/** The same page in another look. */
async function look(page, { width, colorScheme }) {
  await page.emulateMedia({ colorScheme });
  await page.setViewportSize({ width, height: HEIGHT });
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
}

/** How a page is judged: the form and its answer in every look, each other state in two, which change from state to state and language to language. */
function looksOf(state, place, language) {
  if (state === "example") {
    return LOOKS;
  }
  const first = place + 2 * language;
  // Half of all further: at another width, and dark where the first is light.
  return [0, LOOKS.length / 2].map((further) => LOOKS[(first + further) % LOOKS.length]);
}

const CASES = {
  diabetes: { built: FOLDER, states: STATES },
  petal: { built: path.join(folder, "petal"), states: OF_ANY_CASE },
  wine: { built: path.join(folder, "wine"), states: OF_ANY_CASE },
};

for (const [name, { built, states }] of Object.entries(CASES)) {
  describe(name, () => {
    before(() => built === FOLDER || seal(ofRepository(name), built));
    const host = hosted({ folder: built });

    for (const [language, locale] of LOCALES.entries()) {
      test(`no violation in ${locale}`, async () => {
        const page = await host.open({ locale, viewport: { width: LOOKS[0].width, height: HEIGHT }, reducedMotion: "reduce" });
        await prepare(page);
        for (const [place, [state, enter]] of Object.entries(states).entries()) {
          await enter(page);
          for (const each of looksOf(state, place, language)) {
            await look(page, each);
            assert.deepEqual(await violations(page), [], `${state}, ${each.colorScheme}, at ${each.width} pixels`);
          }
        }
      });
    }

    if (name === "diabetes") {
      test("axe finds what is wrong", async () => {
        const page = await host.open();
        await prepare(page);
        await page.evaluate(() => document.querySelector("label[for=input-glucose]").remove());
        assert.match((await violations(page)).join(), /label/);
      });
      test("a state is judged light and dark, and every look has states", () => {
        for (const [language] of LOCALES.entries()) {
          const asked = Object.keys(STATES).flatMap((state, place) => {
            const looks = looksOf(state, place, language);
            assert.equal(new Set(looks.map(({ colorScheme }) => colorScheme)).size, 2, state);
            return looks;
          });
          assert.deepEqual(new Set(asked), new Set(LOOKS));
        }
      });
    }
  });
}
