/**
 * The page's words. A section of a language is a flat object of texts in a file of its own, fetched with what speaks it and what is said beside it;
 * `{name}` in a text is filled in, and `{ one, other }` is chosen by `count` as the language's plurals go.
 * `tests/e2e/i18n.test.mjs` holds the languages to the same keys and names. Where the case has words of its own for a key, these are said.
 */
import { useEffect, useState } from "preact/hooks";
import { keep, recall } from "../app/storage.js";
import { caseIn, speak, theCase, wordsElsewhere } from "../case/case.js";
import { FILES, FILE_OF } from "./files.js";

/** By code: what the language calls itself, and the tag that its numbers and dates go by. */
export const LANGUAGES = {
  en: { name: "English", tag: "en" },
  zh: { name: "简体中文", tag: "zh-Hans" },
  es: { name: "Español", tag: "es" },
};

let language = "en";
let texts = {};
/** The names of the sections in use. */
const used = new Set();
const listeners = new Set();

/** A section's own texts. */
async function sectionOf(code, section) {
  const file = FILE_OF[section];
  return file === undefined ? (await FILES[code][section]()).default : (await FILES[code][file]())[section];
}

async function fetched(code, sections) {
  const found = await Promise.all(sections.map((section) => sectionOf(code, section)));
  return Object.fromEntries(found.flatMap((texts, index) => Object.entries(texts).map(([key, text]) => [`${sections[index]}.${key}`, text])));
}

/** Sections of which a case's words are in another document than the first screen's. */
const ELSEWHERE = ["card", "console", "proof", "rows", "why"];
/** The case's own words for these sections. */
const said = async (page, sections) => ({ ...(sections.some((section) => ELSEWHERE.includes(section)) && (await wordsElsewhere(page))), ...page.words });

/** Makes the sections' texts ready in the language of the page. */
export async function loadSections(sections) {
  sections.forEach((section) => used.add(section));
  const code = language;
  const [more, words] = await Promise.all([fetched(code, sections), said(theCase(), sections)]);
  if (code === language) {
    texts = { ...texts, ...more, ...words };
  } else {
    // The language was changed meanwhile.
    await loadSections(sections);
  }
}

/** The language that was chosen here before, or the first that the reader's browser asks for. */
function preferred() {
  const wanted = [recall("language"), ...navigator.languages].map((tag) => String(tag).split("-")[0].toLowerCase());
  return wanted.find((code) => Object.hasOwn(LANGUAGES, code)) ?? "en";
}

/** Makes the page's first sections ready, and the case's own words. */
export async function startLanguage(sections) {
  language = preferred();
  await Promise.all([loadSections(sections), caseIn(language).then(speak)]);
  texts = { ...texts, ...theCase().words };
  document.documentElement.lang = LANGUAGES[language].tag;
}

/** Changes the language, once all its texts that are in use are there. */
export async function setLanguage(code) {
  const [all, translated] = await Promise.all([fetched(code, [...used]), caseIn(code)]);
  const words = await said(translated, [...used]);
  language = code;
  speak(translated);
  texts = { ...all, ...words };
  keep("language", code);
  document.documentElement.lang = LANGUAGES[code].tag;
  document.title = t("app.title", theCase());
  listeners.forEach((listener) => listener(code));
}

const filled = (text, values) => text.split(/\{(\w+)\}/).map((part, index) => (index % 2 === 1 ? shown(values[part]) : part));
const shown = (value) => (typeof value === "number" ? number(value) : apart(value));
/** Marks by which writing turns until they are taken back: what comes after a text with one would turn as well. */
const TURNING = /[\u202a-\u202e\u2066-\u2069]/;
/** A text that turns ends its turning where it ends: U+2068 and U+2069, first strong isolate and its end. */
const apart = (value) => (TURNING.test(value) ? `\u2068${value}\u2069` : value);

/** The parts of a text, its values between them: for values that are elements. */
export function rich(key, values = {}) {
  const text = texts[key];
  if (text === undefined) {
    throw new Error(`no text ${key} in ${language}`);
  }
  const form = typeof text === "string" ? text : (text[plurals().select(values.count)] ?? text.other);
  return filled(form, values);
}

/** The text of a key (`section.name`), its names filled in; numbers as the language writes them. */
export const t = (key, values) => rich(key, values).join("");
/** Whether there is such a text. */
export const has = (key) => Object.hasOwn(texts, key);

/** Formatters are dear to make and asked for at every key pressed. */
const formatters = new Map();
function formatter(Kind, options) {
  const key = `${language} ${Kind.name} ${JSON.stringify(options)}`;
  if (!formatters.has(key)) {
    formatters.set(key, new Kind(LANGUAGES[language].tag, options));
  }
  return formatters.get(key);
}

const plurals = () => formatter(Intl.PluralRules);
/** A number, by default with up to three decimals. */
export const number = (value, options) => formatter(Intl.NumberFormat, options).format(value);
/** A share of one, as a percentage. */
export const percent = (value, digits = 0) => number(value, { style: "percent", minimumFractionDigits: digits, maximumFractionDigits: digits });
/** A day, and the time of it. */
export const date = (value, options = { dateStyle: "long", timeStyle: "short" }) => formatter(Intl.DateTimeFormat, options).format(value);
/** Sentences one after the other; Chinese has no space between them. */
export const sentences = (...texts) => texts.join(language === "zh" ? "" : " ");
/** "a, b, and c" */
export const list = (items) => formatter(Intl.ListFormat, { type: "conjunction" }).format(items);

/** Whether the language writes decimals with a comma. */
export const decimalComma = () => number(1.5) === "1,5";

/** The language, for components: they are drawn again when it changes. */
export function useLanguage() {
  const [code, setCode] = useState(language);
  useEffect(() => {
    listeners.add(setCode);
    return () => listeners.delete(setCode);
  }, []);
  return { language: code, t, rich, has, number, percent, date, list };
}
