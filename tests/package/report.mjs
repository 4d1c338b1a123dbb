// What every consumer does with the package: the source of a function `report`.

/** All that the default entry answers; with a pool where workers are. */
export const EVERYTHING = `
import { Model, Pool, explain, handle, model, predict, predictMany } from "wardian";
const EXAMPLE = "1,106,70,28,135,34.2,0.142,22";
const post = (body) => new Request("http://localhost/katana-ml/api/v1.0/diabetes", { method: "POST", headers: { "content-type": "application/json" }, body });
export async function report(withPool = false) {
  const { prediction, margin, base, contributions } = explain(EXAMPLE);
  const response = await handle(post(JSON.stringify({ data: EXAMPLE })));
  const refused = await handle(post("{"));
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
  return {
    prediction: predict(EXAMPLE).prediction,
    many: [...predictMany([EXAMPLE])],
    explained: prediction,
    margin,
    sum: Object.values(contributions).reduce((sum, value) => sum + value, base),
    body: await response.text(),
    statuses: [response.status, refused.status],
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
