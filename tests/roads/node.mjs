// The package and the page's modules in Node: node tests/roads/node.mjs <index's folder> <package> <page> <first> <count>.
// Prints one JSON line an answer.
import { readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { askPackage, askSealed } from "./body.mjs";

const [folder, packed, page, first, count] = process.argv.slice(2);
const index = JSON.parse(readFileSync(path.join(folder, "index.json"), "utf8"));
const script = (place, name) => import(pathToFileURL(path.resolve(place, name)));
const read = (entry, kind) => new Uint8Array(readFileSync(entry[kind]));
const put = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

const [{ Model, Pool }, { convert }] = await Promise.all(["index.js", "converter.js"].map((name) => script(packed, name)));
const models = index.slice(Number(first), Number(first) + Number(count));
await askPackage({ Model, Pool, convert }, "Node", models, read, put);

const shipped = models.find(({ schema }) => schema !== null);
if (shipped !== undefined) {
  const [wardian, explain, pool] = await Promise.all(["wardian.js", "explain.js", "pool.js"].map((name) => script(page, name)));
  const source = readFileSync(path.join(page, "engine_bg.wasm"));
  wardian.loadSync(source);
  explain.loadExplainerSync(readFileSync(path.join(page, "explain_bg.wasm")));
  const startPool = () => pool.Pool.start(wardian.shippedModel(), { source, workers: 1 });
  await askSealed({ model: wardian.shippedModel(), Explainer: explain.Explainer, startPool }, "Node", shipped, read, put);
}
