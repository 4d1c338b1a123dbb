// The model's card at the built page, and its translations.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { hosted } from "./page.mjs";

const host = hosted();
const ofCase = async (name) => JSON.parse(await readFile(new URL(`../../models/diabetes/${name}`, import.meta.url), "utf8"));
const card = await ofCase("card.page.json");
const said = await ofCase("case.json");
/** What is written as code, and is the same in every language. */
const CODES = new Set([card.model.trained_with, card.model.sha256, ...card.calibration.columns, ...card.groups.columns]);

/** Every text of a value, however deep. */
function textsIn(value) {
  if (typeof value === "string") {
    return [value];
  }
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

test("every text of the card and of the case is translated, with the same names to fill in, and nothing else is", async () => {
  const features = said.features.flatMap(({ label, help, unit, group }) => [label, help, unit, group]);
  const zones = said.zones.flatMap(({ name, text }) => [name, text]);
  const ofPage = [said.title, said.outcome, ...features, ...zones, ...Object.values(said.words)];
  const all = new Set([...textsIn(card), ...ofPage].filter((text) => text !== undefined && !CODES.has(text)));
  assert.ok(all.size > 80);
  const names = (text) => (text.match(/\{\w+\}/g) ?? []).sort();
  for (const language of ["zh", "es"]) {
    const translated = await ofCase(`${language}.json`);
    assert.deepEqual(Object.keys(translated).filter((text) => !all.has(text)), [], `${language}: said nowhere`);
    // Units are written alike, but for words.
    const alike = new Set(said.features.map(({ unit }) => unit));
    assert.deepEqual([...all].filter((text) => translated[text] === undefined && !alike.has(text)), [], `${language}: not translated`);
    for (const [text, other] of Object.entries(translated)) {
      assert.deepEqual(names(other), names(text), `${language}: ${text}`);
    }
  }
});

test("the card is shown whole, in every language", async () => {
  for (const [locale, language] of [["en-GB", "en"], ["zh-CN", "zh"], ["es-ES", "es"]]) {
    const translated = language === "en" ? {} : await ofCase(`${language}.json`);
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
