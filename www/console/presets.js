/** Requests of the REST contract to begin with. */
import { LONGEST_BODY } from "wardian/rest.js";
import { cellsOf } from "../person/cells.js";

const JSON_TYPE = "application/json";

/** A value of a feature that nobody gave an example of. */
function middling({ categories, minimum, maximum, decimals = 0 }) {
  if (categories.length > 0) {
    return categories[0];
  }
  return minimum === undefined ? "1" : String(Number(((minimum + (maximum ?? minimum)) / 2).toFixed(decimals)));
}

/** The texts of a row that the model answers. */
export const exampleOf = ({ example }, { features }) => (example === undefined ? features.map(middling) : cellsOf(example));

/** A row's text: what has a comma in it is in quotes. */
const textOf = (texts) => texts.map((text) => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)).join(",");

/** The row without two of the values that may be absent. */
function lacking(texts, features) {
  const optional = features.flatMap(({ mayBeMissing }, index) => (mayBeMissing && texts[index] !== "" ? index : []));
  const start = Math.max(0, Math.ceil(optional.length / 2) - 1);
  const chosen = optional.slice(start, start + 2);
  return chosen.length === 0 ? undefined : texts.map((text, index) => (chosen.includes(index) ? "" : text));
}

/** The row with one number written wrongly: a letter for a digit. */
function misspelt(texts, features) {
  const isNumber = (text, index) => features[index].categories.length === 0 && text !== "";
  const zero = texts.findIndex((text, index) => isNumber(text, index) && /^\d+0\d/.test(text));
  const index = zero >= 0 ? zero : texts.findIndex(isNumber);
  return index < 0 ? undefined : texts.with(index, zero >= 0 ? texts[index].replace("0", "O") : `${texts[index]}l`);
}

/** The status that each is answered with, and the request: an answer of every kind that the contract has. */
export function presetsOf(page, { features }) {
  const post = (body, more) => ({ method: "POST", path: page.rest, contentType: JSON_TYPE, body, ...more });
  const row = (data) => post(JSON.stringify({ data }, undefined, 1).replace(/\n\s*/g, " "));
  const texts = exampleOf(page, { features });
  const example = textOf(texts);
  // As JSON has them: what a text of values is not.
  const values = texts.map((text, index) => (features[index].categories.length > 0 || text === "" ? "null" : text)).join(", ");
  const few = texts.length > 1 ? texts.slice(0, Math.min(3, texts.length - 1)) : [texts[0], texts[0]];
  const [missing, number] = [lacking(texts, features), misspelt(texts, features)];
  const other = page.rest.includes("/v1.0/") ? page.rest.replace("/v1.0/", "/v2.0/") : `${page.rest}/other`;
  return {
    example: [200, () => row(example)],
    ...(missing && { missing: [200, () => row(textOf(missing))] }),
    explain: [200, () => ({ ...row(textOf(missing ?? texts)), path: `${page.rest}?explain` })],
    description: [200, () => ({ method: "GET", path: page.rest.replace(/[^/]*$/, "openapi.json"), contentType: "", body: "" })],
    preflight: [204, () => ({ method: "OPTIONS", path: page.rest, contentType: "", body: "" })],
    ...(number && { number: [400, () => row(textOf(number))] }),
    count: [400, () => row(textOf(few))],
    text: [400, () => post(`{ "data": [${values}] }`)],
    absent: [400, () => post("{}")],
    object: [400, () => post(`[${values}]`)],
    json: [400, () => post(`{ "data": "${textOf(few).replaceAll(/["\\]/g, "")}`)],
    path: [404, () => ({ ...row(example), path: other })],
    method: [405, () => ({ method: "GET", path: page.rest, contentType: "", body: "" })],
    long: [413, () => row("1,".repeat(LONGEST_BODY / 2))],
    type: [415, () => ({ ...row(example), contentType: "text/plain" })],
  };
}
