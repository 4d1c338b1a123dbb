// Asks the built page's module for the example's prediction, through the REST contract.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { contractOf } from "./case.mjs";

const folder = path.resolve(process.argv[2]);
const { loadSync, shippedModel } = await import(pathToFileURL(path.join(folder, "wardian.js")));
const { answer } = await import(pathToFileURL(path.join(folder, "rest.js")));
loadSync(await readFile(path.join(folder, "engine_bg.wasm")));

const data = "1,106,70,28,135,34.2,0.142,22";
const contract = contractOf();
const request = { method: "POST", path: contract.path, contentType: "application/json", body: JSON.stringify({ data }) };
const { status, body } = answer(shippedModel(), request, contract);
console.log(`${data} → ${body}`);
process.exitCode = status === 200 ? 0 : 1;
