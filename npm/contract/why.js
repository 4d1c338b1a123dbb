/**
 * What is told of an answer beside its number, where a request asks for it (`?explain`): how sure it is, why it is what it is, and what is
 * not known of it. `src/contract/why.rs` is the same in Rust: the tests ask both for the same bytes. Nobody fetches it who does not ask.
 */
import { decimal64 } from "../model/decimal.js";
import { unknownOf } from "../model/ranges.js";
import { intervalOf } from "../model/sure.js";
import { decimal } from "./rest.js";

/** What a model says that cannot be explained: its file does not tell how many rows came to each leaf, or it is beyond what is weighed. */
const NOT_EXPLAINED = ["no_covers", "unsupported_model"];

/** One text as it is, of several an array. */
const listed = (texts) => (texts.length === 1 ? texts[0] : `[${texts}]`);

/** What explains rows of a model; nothing where it cannot be explained. Throws where what explains is not to be had now. */
function explaining({ description: { features } }, explain) {
  try {
    explain(features.map(() => null));
    return explain;
  } catch (error) {
    if (NOT_EXPLAINED.includes(error.code)) {
      return undefined;
    }
    throw error;
  }
}

/** How sure an answer is. */
function sureOf(certainty, { classes }, prediction) {
  const sure = intervalOf(certainty, prediction);
  if (sure === undefined) {
    return [];
  }
  const { level, low, high, merged, outside } = sure;
  const ends = `"low":${decimal64(low)},"high":${decimal64(high)}`;
  if (merged !== undefined) {
    return [`"interval":{${ends},"merged":${decimal64(merged)},"outside":${outside}}`];
  }
  return [`"interval":{"level":${level},${sure.classes ? `"classes":${JSON.stringify(sure.classes.map((index) => classes[index] ?? `${index}`))}` : ends}}`];
}

/** What each feature adds to the margin, the one that adds most first; of several outputs to each. */
function reasonsOf({ margin, base, contributions }, names, written) {
  const each = [contributions].flat();
  const added = names.map((name) => ({ name, parts: each.map((own) => own[name]) })).map((own) => ({ ...own, most: Math.max(...own.parts.map(Math.abs)) }));
  const reasons = added
    .filter(({ most }) => most > 0)
    .sort((one, other) => other.most - one.most)
    .map(({ name, parts }) => `{"feature":${JSON.stringify(name)},"contribution":${listed(parts.map(decimal64))}}`);
  return [`"margin":${listed([margin].flat().map(written))},"base":${listed([base].flat().map(decimal64))},"reasons":[${reasons}]`];
}

/** Between which answers this one lies for each value that is missing. */
function notKnown(told, written) {
  const ends = (numbers) => listed([numbers].flat().map(written));
  const each = told.map(
    ({ feature, low, high, spread }) => `{"feature":${JSON.stringify(feature)},"low":${ends(low)},"high":${ends(high)},"spread":${listed([spread].flat().map(decimal64))}}`,
  );
  return each.length === 0 ? [] : [`"unknown":[${each}]`];
}

/**
 * What tells more of a model's answers: a function that gives the members of a JSON object for a row, as text, and its prediction. What is
 * not given is not told. `explain` explains a row of `model`; `certainty` and `observed` are its case's; `room` is that of the scripts that
 * predict; `written` writes an answer of the model.
 */
export function whyOf({ model, explain, certainty, observed, room, written = model.decimal ?? decimal }) {
  const why = explain && explaining(model, explain);
  const names = model.description.features.map(({ name }) => name);
  return (data, prediction) =>
    [
      ...sureOf(certainty, model.description, prediction.length === 1 ? prediction[0] : prediction),
      ...(why === undefined ? [] : reasonsOf(why(data), names, written)),
      ...(observed === undefined ? [] : notKnown(unknownOf(model, observed, data, room), written)),
    ].join(",");
}
