// The package and the page's modules in a browser: the script of the page that browsers.mjs serves. Answers are posted back.
import { askPackage, askSealed } from "./body.mjs";

const query = new URL(location.href).searchParams;
const [road, first, count] = ["road", "first", "count"].map((name) => query.get(name));
const at = (name) => new URL(name, location.origin).href;
const post = async (where, body) => {
  const response = await fetch(at(where), { method: "POST", body: JSON.stringify(body) });
  if (!response.ok) {
    throw new Error(`${where} answered ${response.status}`);
  }
};
const put = (line) => post("/line", line);
const bytes = async (name) => {
  const response = await fetch(at(name));
  if (!response.ok) {
    throw new Error(`${name} answered ${response.status}`);
  }
  return new Uint8Array(await response.arrayBuffer());
};
const read = (entry, kind) => bytes(`/models/${entry.number}/${kind}`);

async function run() {
  const index = JSON.parse(new TextDecoder().decode(await bytes("/index.json"))).map((entry, number) => ({ ...entry, number }));
  const models = index.slice(Number(first), Number(first) + Number(count));
  const [{ Model, Pool }, { convert }] = await Promise.all(["index.js", "converter.js"].map((name) => import(at(`/package/${name}`))));
  await askPackage({ Model, Pool, convert }, road, models, read, put);

  const shipped = models.find(({ schema }) => schema !== null);
  if (shipped !== undefined) {
    const [wardian, explain, pool] = await Promise.all(["wardian.js", "explain.js", "pool.js"].map((name) => import(at(`/page/${name}`))));
    const source = at("/page/engine_bg.wasm");
    await wardian.load(source);
    await explain.loadExplainer(at("/page/explain_bg.wasm"));
    const startPool = () => pool.Pool.start(wardian.shippedModel(), { source, workers: 1 });
    await askSealed({ model: wardian.shippedModel(), Explainer: explain.Explainer, startPool }, road, shipped, read, put);
  }
}

run().then(
  () => post("/done", {}),
  (error) => post("/failed", `${error}\n${error.stack}`),
);
