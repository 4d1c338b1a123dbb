// The case of this project's own package: what its templates are filled with. Of other cases `src/seal/package.rs` does the same.
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = path.join(root, "models/diabetes");
const text = (name) => readFileSync(path.join(folder, name), "utf8");
const json = (name) => JSON.parse(text(name));

/** What the model answers to the case's example. */
const ANSWER = "0.10455211997032166";

/** Where predictions are asked for, and the text of the document about that. */
export function contractOf() {
  const { rest, openapi } = json("case.json");
  return { path: rest, description: text(openapi) };
}

/** The other units of features, by their names. */
function unitsOf({ features }) {
  const conversion = ({ unit, times, per, offset = 0 }) => [unit, { times: times ?? 1 / per, ...(offset && { minus: -offset / (times ?? 1 / per) }) }];
  const withUnits = features.filter(({ units }) => units !== undefined);
  return Object.fromEntries(withUnits.map(({ name, unit, units }) => [name, { own: unit, others: Object.fromEntries(units.map(conversion)) }]));
}

/** The parts of the templates by their tokens. */
export function tokens() {
  const told = json("case.json");
  const names = told.features.map(({ name }) => JSON.stringify(name));
  const lines = [names.slice(0, names.length / 2), names.slice(names.length / 2)].map((half) => `| ${half.join(" | ")}`);
  return {
    name: "wardian",
    contract: JSON.stringify(contractOf()),
    card: text(told.card).trim(),
    about: "{}",
    // Of the diabetes data all rows were trained on: its own interval is in the card.
    certainty: "undefined",
    figures: "undefined",
    classes: "[]",
    observed: JSON.stringify(json(told.observed)),
    "sure-type": "undefined",
    units: JSON.stringify(unitsOf(told)),
    command: JSON.stringify({ name: "wardian", model: `the ${told.name} model`, opens: true, example: told.example, unit: "glucose=mmol/L", path: told.rest }),
    "feature-names": lines.join("\n  "),
    measurements: "{ readonly [name in FeatureName]?: Value }",
    predicted: "Prediction<FeatureName> & { prediction: number }",
    explained: "Explanation<FeatureName, false> & { prediction: number }",
    answers: "Float32Array",
    row: "Input<FeatureName>",
    rows: "Rows<FeatureName>",
    text: JSON.stringify(told.example),
    answer: `{ prediction: ${ANSWER}, warnings: [] }`,
    array: "[1, 106, 70, null, null, 34.2, 0.142, 22]",
    object: "{ glucose: 106, mass_index: 34.2, age: 22 }",
    columns: "{ glucose: [106, 180], age: [22, 61] }",
    contribution: ".glucose",
    "unit-key": "glucose",
    "unit-feature": '"glucose"',
    "unit-given": '5.9, "mmol/L"',
    "unit-object": '{ value: 5.9, unit: "mmol/L" }',
    "unit-answer": "106 mg/dL",
    "card-type": "ShippedCard",
    "about-type": "",
    file: "diabetes.wardian",
  };
}

/** A template with these parts. */
export function filled(template, parts) {
  return template.replace(/@@([a-z-]+)@@/g, (_, token) => {
    if (!Object.hasOwn(parts, token)) {
      throw new Error(`a template asks for ${token}, which is unknown`);
    }
    return parts[token];
  });
}
