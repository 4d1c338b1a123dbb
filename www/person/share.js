/** A person in a link's fragment, which browsers do not send to servers: `#v=1&weight=5.88 kg&age=22`. */
import { emptyEntry, LONGEST, unitsOf } from "./entries.js";

/** What says first which version of links it is; a feature may be called so as well. */
const KEY = "v";
const VERSION = "1";
/** More than this is no link of ours. */
const longest = (features) => 2000 + 100 * features.length;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)$/;

/** Whether a text is a category of the feature, or one that training did not see and that has an answer. */
const takes = ({ categories, takesUnseen }, text) => categories.includes(text) || (takesUnseen === true && categories.length > 0 && text !== "");

/** The fragment for what the fields hold; nothing for those that are empty or not measured. */
export function toFragment(features, entries, comma) {
  const parts = new URLSearchParams({ [KEY]: VERSION });
  for (const feature of features) {
    const { text, unit, absent } = entries[feature.name];
    if (feature.categories.length > 0) {
      if (!absent && takes(feature, text)) {
        parts.append(feature.name, text);
      }
      continue;
    }
    const plain = (comma ? text.replace(",", ".") : text).normalize("NFKC").trim();
    if (!absent && NUMBER.test(plain)) {
      parts.append(feature.name, unit === feature.unit ? plain : `${plain} ${unit}`);
    }
  }
  return `#${parts}`;
}

/**
 * The entries in a fragment; `undefined` if it is no such fragment, `null` if it pretends to be one: anybody can write a
 * link, so only known features, once each, with plain numbers in known units are taken.
 */
export function fromFragment(features, fragment, comma) {
  const parts = [...new URLSearchParams(fragment.replace(/^#/, ""))];
  const place = parts.findIndex(([name]) => name === KEY);
  if (place === -1) {
    return undefined;
  }
  const [[, version]] = parts.splice(place, 1);
  if (fragment.length > longest(features) || version !== VERSION) {
    return null;
  }
  const entries = Object.fromEntries(features.map((feature) => [feature.name, { ...emptyEntry(feature), absent: feature.mayBeMissing }]));
  const seen = new Set();
  for (const [name, value] of parts) {
    const feature = features.find((each) => each.name === name);
    if (feature !== undefined && takes(feature, value) && !seen.has(name)) {
      seen.add(name);
      entries[name] = { ...emptyEntry(feature), text: value };
      continue;
    }
    const [text, ...rest] = value.split(" ");
    const unit = rest.length === 0 ? feature?.unit : rest.join(" ");
    if (feature === undefined || seen.has(name) || text.length > LONGEST || feature.categories.length > 0 || !NUMBER.test(text) || !unitsOf(feature).includes(unit)) {
      return null;
    }
    seen.add(name);
    entries[name] = { text: comma ? text.replace(".", ",") : text, unit, absent: false };
  }
  return entries;
}
