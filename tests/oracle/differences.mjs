// Where our answers are not Flask's. Its errors are HTML, and what its handler does not expect is a 500; ours are RFC 9457
// problems, and the caller's mistake is a 4xx. docs/CONTRACT.md is this list in words.
const EXAMPLE = "1,106,70,28,135,34.2,0.142,22";
const body = (data) => JSON.stringify({ data });
const row = (first) => body(`${first},106,70,28,135,34.2,0.142,22`);

/** Of each request what both answer. */
export const DIFFERENCES = [
  { what: "the body is not JSON", request: { body: "{" }, flask: 400, ours: 400 },
  { what: "the body is no object", request: { body: "[]" }, flask: 500, ours: 400 },
  { what: "no data", request: { body: "{}" }, flask: 500, ours: 400 },
  { what: "data is no text", request: { body: '{"data":[1]}' }, flask: 500, ours: 400 },
  { what: "data is several rows", request: { body: body([EXAMPLE, EXAMPLE]) }, flask: 500, ours: 200 },
  { what: "too few values", request: { body: body("1,2") }, flask: 500, ours: 400 },
  { what: "too many values", request: { body: body(`${EXAMPLE},1`) }, flask: 500, ours: 400 },
  { what: "a value that is no number", request: { body: row("x") }, flask: 500, ours: 400 },
  { what: "not JSON by its type", request: { contentType: "text/plain", body: body(EXAMPLE) }, flask: 415, ours: 415 },
  { what: "another method", request: { method: "PUT", body: body(EXAMPLE) }, flask: 405, ours: 405 },
  { what: "another path", request: { path: "/katana-ml/api/v1.0/other", body: body(EXAMPLE) }, flask: 404, ours: 404 },
  // Ours has what theirs had not.
  { what: "an empty value", request: { body: row("") }, flask: 500, ours: 200 },
  { what: "NA", request: { body: row("NA") }, flask: 500, ours: 200 },
  { what: "the description", request: { method: "GET", path: "/katana-ml/api/v1.0/openapi.json" }, flask: 404, ours: 200 },
  { what: "a preflight", request: { method: "OPTIONS" }, flask: 200, ours: 204 },
  // Theirs takes what ours refuses.
  { what: "an infinite value", request: { body: row("inf") }, flask: 200, ours: 400 },
  { what: "digits with underscores", request: { body: row("1_0") }, flask: 200, ours: 400 },
  { what: "digits of another script", request: { body: row("\u0661") }, flask: 200, ours: 400 },
  { what: "NaN in the JSON", request: { body: `{"data":"${EXAMPLE}","more":NaN}` }, flask: 200, ours: 400 },
  { what: "a body of more than 65536 bytes", request: { body: body(EXAMPLE).padEnd(65_537) }, flask: 200, ours: 413 },
];
