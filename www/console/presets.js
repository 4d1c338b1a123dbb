/** Requests of the REST contract to begin with. */
import { LONGEST_BODY } from "wardian/rest.js";
import { contract } from "../contract.js";

const PATH = contract.path;
const DESCRIPTION_PATH = PATH.replace(/[^/]*$/, "openapi.json");

const JSON_TYPE = "application/json";
const post = (body, more) => ({ method: "POST", path: PATH, contentType: JSON_TYPE, body, ...more });
const row = (data) => post(JSON.stringify({ data }, undefined, 1).replace(/\n\s*/g, " "));

/** The status that each is answered with, and the request: an answer of every kind that the contract has. */
export const PRESETS = {
  example: [200, () => row("1,106,70,28,135,34.2,0.142,22")],
  missing: [200, () => row("1,106,70,,,34.2,0.142,22")],
  description: [200, () => ({ method: "GET", path: DESCRIPTION_PATH, contentType: "", body: "" })],
  preflight: [204, () => ({ method: "OPTIONS", path: PATH, contentType: "", body: "" })],
  number: [400, () => row("1,1O6,70,28,135,34.2,0.142,22")],
  count: [400, () => row("1,106,70")],
  text: [400, () => post('{ "data": [1, 106, 70, 28, 135, 34.2, 0.142, 22] }')],
  absent: [400, () => post("{}")],
  object: [400, () => post("[1, 106, 70, 28, 135, 34.2, 0.142, 22]")],
  json: [400, () => post('{ "data": "1,106,70')],
  path: [404, () => ({ ...row("1,106,70,28,135,34.2,0.142,22"), path: "/katana-ml/api/v2.0/diabetes" })],
  method: [405, () => ({ method: "GET", path: PATH, contentType: "", body: "" })],
  long: [413, () => row("1,".repeat(LONGEST_BODY / 2))],
  type: [415, () => ({ ...row("1,106,70,28,135,34.2,0.142,22"), contentType: "text/plain" })],
};
