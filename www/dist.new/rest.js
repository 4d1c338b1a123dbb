// target/bound/openapi.json
var openapi_default = '{\n  "openapi": "3.1.0",\n  "info": {\n    "title": "Wardian: diabetes risk",\n    "version": "1.0",\n    "description": "The contract that a Flask service used to answer, answered on the device. A demonstration, not a medical device.",\n    "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" }\n  },\n  "servers": [{ "url": "/" }],\n  "paths": {\n    "/katana-ml/api/v1.0/diabetes": {\n      "post": {\n        "operationId": "predictDiabetes",\n        "summary": "The probability of a positive test for diabetes within five years",\n        "security": [],\n        "requestBody": {\n          "required": true,\n          "description": "At most 65536 bytes",\n          "content": {\n            "application/json": {\n              "schema": { "$ref": "#/components/schemas/Request" },\n              "examples": { "one person": { "value": { "data": "1,106,70,28,135,34.2,0.142,22" } } }\n            }\n          }\n        },\n        "responses": {\n          "200": {\n            "description": "The probability, a 32-bit float in the fewest digits that read back as it; of an array one for each text",\n            "headers": { "Access-Control-Allow-Origin": { "schema": { "const": "*" } } },\n            "content": {\n              "application/json": {\n                "schema": { "$ref": "#/components/schemas/Prediction" },\n                "examples": { "one person": { "value": { "prediction": 0.10455212 } } }\n              }\n            }\n          },\n          "400": { "$ref": "#/components/responses/Problem" },\n          "413": { "$ref": "#/components/responses/Problem" },\n          "415": { "$ref": "#/components/responses/Problem" }\n        }\n      },\n      "options": {\n        "operationId": "allowDiabetes",\n        "summary": "What a page of another origin may ask",\n        "security": [],\n        "responses": { "204": { "description": "POST, with the headers that are asked for" }, "4XX": { "$ref": "#/components/responses/Problem" } }\n      }\n    },\n    "/katana-ml/api/v1.0/openapi.json": {\n      "get": {\n        "operationId": "describe",\n        "summary": "This document",\n        "security": [],\n        "responses": {\n          "200": { "description": "This document", "content": { "application/json": { "schema": { "type": "object" } } } },\n          "4XX": { "$ref": "#/components/responses/Problem" }\n        }\n      }\n    }\n  },\n  "components": {\n    "schemas": {\n      "Request": {\n        "type": "object",\n        "required": ["data"],\n        "properties": {\n          "data": {\n            "type": ["string", "array"],\n            "minItems": 1,\n            "items": { "type": "string" },\n            "description": "Eight values with commas between them: times_pregnant, glucose (mg/dL), blood_pressure (mm Hg), skin_fold_thick (mm), serum_insulin (\xB5U/mL), mass_index (kg/m\xB2), diabetes_pedigree, age (years). Empty, NA and nan are not measured; so is 0 in the five from glucose to mass_index. Or an array of such texts."\n          }\n        }\n      },\n      "Prediction": {\n        "type": "object",\n        "minProperties": 1,\n        "properties": {\n          "prediction": { "type": "number", "minimum": 0, "maximum": 1 },\n          "predictions": { "type": "array", "items": { "$ref": "#/components/schemas/Prediction/properties/prediction" } }\n        }\n      },\n      "Problem": {\n        "type": "object",\n        "description": "RFC 9457",\n        "required": ["type", "title", "status", "detail"],\n        "properties": {\n          "type": { "const": "about:blank" },\n          "title": { "type": "string" },\n          "status": { "type": "integer" },\n          "detail": { "type": "string", "description": "What is wrong, and where" },\n          "code": { "type": "string", "description": "Of an error about the values: a stable name of its kind" },\n          "field": { "type": "string", "description": "The value at fault, where it is one" }\n        }\n      }\n    },\n    "responses": {\n      "Problem": {\n        "description": "What is wrong",\n        "headers": { "Access-Control-Allow-Origin": { "schema": { "const": "*" } } },\n        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } }\n      }\n    }\n  }\n}\n';

// target/bound/rest.js
var LONGEST_BODY = 65536;
var PATH = "/katana-ml/api/v1.0/diabetes";
var DESCRIPTION_PATH = "/katana-ml/api/v1.0/openapi.json";
var ALLOWED = { [PATH]: "OPTIONS, POST", [DESCRIPTION_PATH]: "GET, HEAD, OPTIONS" };
function rounded(value, digits) {
  const [mantissa, power] = value.toExponential(digits - 1).split("e");
  const rest = value.toExponential(60).split("e")[0].replace(/[-.]/g, "").slice(digits);
  const last = Number(mantissa.at(-1));
  return `${/^50*$/.test(rest) && last % 2 === 1 ? mantissa.slice(0, -1) + (last - 1) : mantissa}e${power}`;
}
function decimal(value) {
  if (!Number.isFinite(value)) {
    return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  }
  let text;
  for (let digits = 1; digits <= 9; digits += 1) {
    text = rounded(value, digits);
    if (Math.fround(Number(text)) === value) {
      break;
    }
    const [mantissa2, power2] = text.split("e");
    const above = Number(`${mantissa2.replace(".", "")}e${power2 - digits + 1}`) + Math.sign(value) * 10 ** (power2 - digits + 1);
    if (Math.fround(above) === value) {
      text = above.toExponential(digits - 1);
      break;
    }
  }
  const [mantissa, power] = text.split("e");
  const exponent = Number(power);
  if (value !== 0 && Math.abs(value) < 1e-4 || exponent >= 16) {
    const sign = exponent < 0 ? "-" : "+";
    return `${mantissa}e${sign}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }
  const plain = Object.is(value, -0) ? "-0" : Number(text).toFixed(Math.max(0, mantissa.replace(/\D/g, "").length - 1 - exponent));
  return plain.includes(".") ? plain : `${plain}.0`;
}
var textOf = (body) => typeof body === "string" ? body : new TextDecoder("utf-8", { fatal: true }).decode(body);
var lengthOf = (body) => (typeof body === "string" ? new TextEncoder().encode(body) : body).length;
var written = (predictions) => predictions.length === 1 ? decimal(predictions[0]) : `[${Array.from(predictions, decimal)}]`;
function answered(model, data) {
  if (typeof data === "string") {
    return `{"prediction":${written([model.predictValue(data)].flat())}}`;
  }
  const all = model.predictMany(data);
  const width = all.length / data.length;
  return `{"predictions":[${data.map((_, row) => written(all.subarray(row * width, (row + 1) * width)))}]}`;
}
function answer(model, { method, path, contentType, requestedHeaders, body = "" }) {
  const respond = (status, type, text, more = []) => {
    const headers = [["access-control-allow-origin", "*"]];
    if (type !== void 0) {
      headers.push(["content-type", type]);
    }
    return { status, headers: [...headers, ...more], body: text };
  };
  const problem = (status, title, detail, more, { code, field } = {}) => respond(
    status,
    "application/problem+json",
    JSON.stringify({ type: "about:blank", title, status, detail, code, field }),
    more
  );
  const allowed = Object.hasOwn(ALLOWED, path) ? ALLOWED[path] : void 0;
  if (allowed === void 0) {
    return problem(404, "Not Found", `there is nothing here; ask POST ${PATH}`);
  }
  if (method === "OPTIONS") {
    return respond(204, void 0, "", [
      ["access-control-allow-methods", allowed],
      // As flask-cors answers: whichever are asked for.
      ["access-control-allow-headers", requestedHeaders ? requestedHeaders.split(",").map((name) => name.trim()).sort().join(", ") : "content-type"],
      ["access-control-max-age", "86400"]
    ]);
  }
  if (!allowed.split(", ").includes(method)) {
    return problem(405, "Method Not Allowed", `${path === PATH ? "only POST" : "only GET"} is answered here`, [["allow", allowed]]);
  }
  if (path === DESCRIPTION_PATH) {
    return respond(200, "application/json", method === "HEAD" ? "" : openapi_default);
  }
  const essence = (contentType ?? "").split(";")[0].trim().toLowerCase();
  if (essence !== "application/json" && !(essence.startsWith("application/") && essence.endsWith("+json"))) {
    return problem(415, "Unsupported Media Type", "the body must be application/json");
  }
  if (body.length > LONGEST_BODY || lengthOf(body) > LONGEST_BODY) {
    return problem(413, "Content Too Large", `the body is longer than the ${LONGEST_BODY} bytes that are read`);
  }
  const bad = (detail, error) => problem(400, "Bad Request", detail, void 0, error);
  let value;
  try {
    value = JSON.parse(textOf(body));
  } catch {
    return bad("the body is not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return bad("the body is not a JSON object");
  }
  if (value.data === void 0) {
    return bad('the member "data" is absent');
  }
  const rows = [value.data].flat();
  if (rows.length === 0 || rows.some((row) => typeof row !== "string")) {
    return bad('"data" is not a string of comma-separated values');
  }
  try {
    return respond(200, "application/json", answered(model, value.data));
  } catch (error) {
    return bad(error.message, error);
  }
}
export {
  DESCRIPTION_PATH,
  LONGEST_BODY,
  PATH,
  answer,
  decimal
};
