// What every consumer does with the package: the source of a function `report`.
import { readFileSync } from "node:fs";
import { convert } from "../../target/package/converter.js";

/** A model of LightGBM, and what its trainer answers. */
const golden = (name) => new URL(`../golden/trainers/${name}`, import.meta.url);
const { rows, answers, margins, labels } = JSON.parse(readFileSync(golden("iris-lightgbm.json"), "utf8"));
const FILE = Buffer.from(await convert(readFileSync(golden("iris-lightgbm.pickle")))).toString("base64");
/** What `report` gives of it. */
export const OTHER = { prediction: answers[1], label: labels[1], bits: 64, many: answers.flat(), margins: margins.flat(), sums: margins[1], refused: "unsupported_model" };

/** All that the default entry answers; with a pool where workers are. */
export const EVERYTHING = `
import { Model, Pool, explain, handle, model, predict, predictMany } from "wardian";
const EXAMPLE = "1,106,70,28,135,34.2,0.142,22";
const post = (body) => new Request("http://localhost/katana-ml/api/v1.0/diabetes", { method: "POST", headers: { "content-type": "application/json" }, body });
export async function report(withPool = false) {
  const { prediction, margin, base, contributions } = explain(EXAMPLE);
  const response = await handle(post(JSON.stringify({ data: EXAMPLE })));
  const malformed = await handle(post("{"));
  let pooled = null;
  if (withPool) {
    const pool = await Pool.start(undefined, { workers: 1 });
    pooled = (await pool.predictMany(Float64Array.from(EXAMPLE.split(","), Number)))[0];
    pool.close();
  }
  let error;
  try {
    predict({ glucos: 1 });
  } catch ({ name, code, field }) {
    error = { name, code, field };
  }
  const rows = ${JSON.stringify(rows)};
  const other = new Model(Uint8Array.from(atob("${FILE}"), (character) => character.charCodeAt(0)));
  const answered = other.predict(rows[1]);
  const why = other.explain(rows[1]);
  const bases = [why.base].flat();
  const refused = await Promise.resolve().then(() => other.predict(rows[1], { baseMargin: [0, 0, 0] })).then(() => "", (thrown) => thrown.code);
  return {
    other: {
      prediction: answered.prediction,
      label: answered.label,
      bits: other.description.bits,
      many: [...other.predictMany(rows)],
      margins: [...other.marginsMany(Float64Array.from(rows.flat(), (value) => value ?? NaN))],
      sums: [why.contributions].flat().map((each, output) => Object.values(each).reduce((sum, value) => sum + value, bases[output])),
      refused,
    },
    prediction: predict(EXAMPLE).prediction,
    many: [...predictMany([EXAMPLE])],
    explained: prediction,
    margin,
    sum: Object.values(contributions).reduce((sum, value) => sum + value, base),
    body: await response.text(),
    statuses: [response.status, malformed.status],
    features: model.features.map(({ name }) => name),
    own: new Model().predict(EXAMPLE).prediction,
    error,
    pooled,
  };
}
`;

/** The least: what `import { predict }` costs. */
export const PREDICTING = `
import { predict } from "wardian";
globalThis.report = () => predict("1,106,70,28,135,34.2,0.142,22").prediction;
`;
