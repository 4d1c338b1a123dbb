// The languages of the page say the same things, with the same names to fill in.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

const folder = new URL("../../www/i18n/", import.meta.url);
const languages = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);
const sections = (language) => readdirSync(new URL(language, folder)).sort();
const load = async (language, file) => (await import(new URL(`${language}/${file}`, folder))).default;
const forms = (text) => (typeof text === "string" ? [text] : Object.values(text));
const names = (text) => [...new Set(forms(text).flatMap((form) => form.match(/\{\w+\}/g) ?? []))].sort();

/** Compares a section's texts in a language with the English ones; how many there are. */
function compared(english, other, language, place) {
  assert.deepEqual(Object.keys(other).sort(), Object.keys(english).sort(), place);
  for (const [key, text] of Object.entries(english)) {
    assert.deepEqual(names(other[key]), names(text), `${place}: ${key}`);
    assert.ok(forms(other[key]).every((form) => form.trim() !== ""), `${place}: ${key} is empty`);
    const plurals = typeof other[key] === "string" ? [] : Object.keys(other[key]);
    const known = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    assert.ok(plurals.every((form) => known.includes(form)) && (plurals.length === 0 || plurals.includes("other")), `${place}: ${key}`);
  }
  return Object.keys(english).length;
}

test("every language has the sections, keys and names that English has", async () => {
  assert.deepEqual(languages.sort(), ["en", "es", "zh"]);
  let texts = 0;
  for (const language of languages) {
    assert.deepEqual(sections(language), sections("en"), language);
    for (const file of sections("en")) {
      texts += compared(await load("en", file), await load(language, file), language, `${language}/${file}`);
    }
  }
  assert.ok(texts > 0);
});

test("so has the studio", async () => {
  const words = new URL("../../www/studio/words/", import.meta.url);
  const named = (language) => readdirSync(words).filter((file) => file.startsWith(`${language}.`)).sort();
  let texts = 0;
  for (const language of languages) {
    assert.deepEqual(named(language).map((file) => file.slice(3)), named("en").map((file) => file.slice(3)));
    for (const file of named("en")) {
      const [english, other] = [await import(new URL(file, words)), await import(new URL(language + file.slice(2), words))];
      for (const section of Object.keys(english)) {
        texts += compared(english[section], other[section], language, `studio ${language}: ${section}`);
      }
    }
  }
  assert.ok(texts > 300, `${texts} texts`);
});

/** Words that the page has none of its own for: a case alone can say them. */
const OF_CASES = ["app.description", "app.heading", "app.notice", "app.population", "app.source", "card.groups.*", "person.caution", "rows.zone.*", "why.paper.decide"];

test("the words that a case may have its own of are the page's", async () => {
  const keys = await Promise.all(sections("en").map(async (file) => Object.keys(await load("en", file)).map((key) => `${file.replace(".js", "")}.${key}`)));
  const listed = readFileSync(new URL("../../src/case/words.txt", import.meta.url), "utf8").trimEnd().split("\n");
  assert.deepEqual(listed, [...keys.flat(), ...OF_CASES].sort());
});

test("a case's words are filled in with what the page's are, in every language", async () => {
  const models = new URL("../../models/", import.meta.url);
  let words = 0;
  for (const { name } of readdirSync(models, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
    const read = (file) => JSON.parse(readFileSync(new URL(`${name}/${file}`, models), "utf8"));
    const { words: own = {}, translations = {} } = read("case.json");
    for (const [key, text] of Object.entries(own)) {
      const [section, ...rest] = key.split(".");
      const page = (await load("en", `${section}.js`))[rest.join(".")];
      const known = page === undefined ? names(text) : names(page);
      assert.ok(names(text).every((each) => known.includes(each)), `${name}: ${key} has ${names(text)}, the page gives ${known}`);
      for (const [language, file] of Object.entries(translations)) {
        const other = read(file)[text];
        assert.deepEqual(names(other ?? text), names(text), `${name}, ${language}: ${key}`);
      }
      words += 1;
    }
  }
  assert.ok(words > 0);
});
