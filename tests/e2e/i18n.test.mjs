// The languages of the page say the same things, with the same names to fill in.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";

const folder = new URL("../../www/i18n/", import.meta.url);
const languages = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);
const sections = (language) => readdirSync(new URL(language, folder)).sort();
const load = async (language, file) => (await import(new URL(`${language}/${file}`, folder))).default;
const forms = (text) => (typeof text === "string" ? [text] : Object.values(text));
const names = (text) => [...new Set(forms(text).flatMap((form) => form.match(/\{\w+\}/g) ?? []))].sort();

test("every language has the sections, keys and names that English has", async () => {
  assert.deepEqual(languages.sort(), ["en", "es", "zh"]);
  let texts = 0;
  for (const language of languages) {
    assert.deepEqual(sections(language), sections("en"), language);
    for (const file of sections("en")) {
      const [english, other] = [await load("en", file), await load(language, file)];
      assert.deepEqual(Object.keys(other).sort(), Object.keys(english).sort(), `${language}/${file}`);
      for (const [key, text] of Object.entries(english)) {
        assert.deepEqual(names(other[key]), names(text), `${language}/${file}: ${key}`);
        assert.ok(forms(other[key]).every((form) => form.trim() !== ""), `${language}/${file}: ${key} is empty`);
        const plurals = typeof other[key] === "string" ? [] : Object.keys(other[key]);
        const known = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
        assert.ok(plurals.every((form) => known.includes(form)) && (plurals.length === 0 || plurals.includes("other")), `${language}/${file}: ${key}`);
        texts += 1;
      }
    }
  }
  assert.ok(texts > 0);
});
