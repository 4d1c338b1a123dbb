// The model's card at the built page, and its translations.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { hosted } from "./page.mjs";

const host = hosted();
const card = JSON.parse(await readFile(new URL("../../models/diabetes/card.page.json", import.meta.url), "utf8"));
/** What is written as code, and is the same in every language. */
const CODES = new Set([card.model.trained_with, card.model.sha256, ...card.calibration.columns, ...card.groups.columns]);

/** Every text of a value, however deep. */
function textsIn(value) {
  if (typeof value === "string") {
    return [value];
  }
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

test("every text of the card is translated, with the same names to fill in, and nothing else is", async () => {
  const texts = [...new Set(textsIn(card))].filter((text) => !CODES.has(text)).sort();
  assert.ok(texts.length > 15);
  for (const language of ["zh", "es"]) {
    const { default: translated } = await import(`../../www/card/texts/${language}.js`);
    assert.deepEqual(Object.keys(translated).sort(), texts, language);
    const names = (text) => (text.match(/\{\w+\}/g) ?? []).sort();
    for (const text of texts) {
      assert.deepEqual(names(translated[text]), names(text), `${language}: ${text}`);
    }
  }
});

test("the card is shown whole, in every language", async () => {
  for (const [locale, language] of [["en-GB", "en"], ["zh-CN", "zh"], ["es-ES", "es"]]) {
    const translated = language === "en" ? {} : (await import(`../../www/card/texts/${language}.js`)).default;
    const page = await host.open({ locale });
    await page.locator("#tab-about").click();
    await page.locator(".model-card").waitFor();
    const shown = await page.locator(".model-card").innerText();
    // Sentences are shown with their values; warnings with the answer that they are about.
    const whole = textsIn({ ...card, warnings: undefined }).filter((text) => !/\{\w+\}/.test(text) && !card.calibration.columns.includes(text) && !card.groups.columns.includes(text));
    for (const text of whole) {
      assert.ok(shown.includes(translated[text] ?? text), `${language}: ${text}`);
    }
    assert.equal(await page.locator(".calibration circle").count(), card.calibration.bins.length);
    assert.doesNotMatch(shown, /[{}]|undefined|NaN/);
    assert.match(shown, /0[.,]838 ± 0[.,]045/);
  }
});

test("the plot's points and the tables' rows are the card's figures", async () => {
  const page = await host.open();
  await page.locator("#tab-about").click();
  const shown = page.locator(".model-card");
  const observed = card.calibration.bins.map((bin) => bin[card.calibration.columns.indexOf("observed_rate")]);
  await shown.locator(".calibration circle").first().waitFor();
  const heights = await shown.locator(".calibration circle").evaluateAll((circles) => circles.map((circle) => Number(circle.getAttribute("cy"))));
  // Of one scale, on which more women are further up.
  const scale = (heights.at(-1) - heights[0]) / (observed.at(-1) - observed[0]);
  assert.ok(scale < 0);
  heights.forEach((height, index) => assert.ok(Math.abs(height - heights[0] - scale * (observed[index] - observed[0])) < 1e-6, `group ${index}`));
  for (const [name, women] of [...card.groups.age, ...card.groups.missing]) {
    const row = shown.locator("tr", { has: page.getByRole("rowheader", { name, exact: true }) });
    assert.equal(await row.locator("td").first().textContent(), String(women), name);
  }
});
