// Asks the built page's module for the example's prediction, through the REST contract.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";

const folder = path.resolve(process.argv[2]);
const { loadSync, shippedModel } = await import(pathToFileURL(path.join(folder, "wardian.js")));
const { answer } = await import(pathToFileURL(path.join(folder, "rest.js")));
loadSync(await readFile(path.join(folder, "engine_bg.wasm")));

const data = "1,106,70,28,135,34.2,0.142,22";
const { status, body } = answer(shippedModel(), {
  method: "POST",
  path: "/katana-ml/api/v1.0/diabetes",
  contentType: "application/json",
  body: JSON.stringify({ data }),
});
console.log(`${data} → ${body}`);
process.exitCode = status === 200 ? 0 : 1;
