// What the REST console writes: for a shell, in JavaScript, on the page; and the requests that it begins with.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { addressOf, init, laidOut, statusLine, toCurl, toFetch } from "../../www/console/written.js";
import { cellsOf } from "../../www/person/cells.js";
import { snippetsOf } from "../../www/studio/steps/snippets.js";

const request = { method: "POST", path: "/katana-ml/api/v1.0/diabetes", contentType: "application/json", body: `{"data": "it's $HOME \`x\` \\ \n é"}` };

test("a shell reads the words of the curl command as they were meant", () => {
  const command = toCurl(request, "http://127.0.0.1:8080").replace(/^curl/, "printf '%s\\0'");
  const words = execFileSync("sh", ["-c", command]).toString().split("\0").slice(0, -1);
  assert.deepEqual(words, ["--include", "--request", "POST", "--header", "content-type: application/json", "--data-binary", request.body, "http://127.0.0.1:8080/katana-ml/api/v1.0/diabetes"]);
  assert.equal(toCurl({ method: "HEAD", path: "/x", contentType: "", body: "unsent" }, "http://h"), "curl --head \\\n  'http://h/x'");
});

test("the statement of JavaScript asks for what the console sends", async () => {
  const asked = [];
  const run = new Function("fetch", `return (async () => { ${toFetch(request, "http://h/p")} })()`);
  await run((...call) => asked.push(call));
  assert.deepEqual(asked, [["http://h/p", init(request)]]);
  assert.equal(new Request(...asked[0]).method, "POST");
});

test("a path is below the page's folder, wherever that is", () => {
  assert.equal(addressOf("/katana-ml/x", "https://h.example/some/base/index.html"), "https://h.example/some/base/katana-ml/x");
  assert.equal(new URL(addressOf("//other.example/x", "https://h.example/base/")).origin, "https://h.example");
});

test("JSON is laid out without a change to its numbers and strings", () => {
  assert.equal(laidOut('{"prediction":1e-05}'), '{\n  "prediction": 1e-05\n}');
  assert.equal(laidOut('{"a":[],"b":{},"c":[1,{"d":"x, \\"y\\": {"}]}'), '{\n  "a": [],\n  "b": {},\n  "c": [\n    1,\n    {\n      "d": "x, \\"y\\": {"\n    }\n  ]\n}');
  assert.equal(laidOut("no {JSON"), "no {JSON");
});

test("a status has its reason, its own or HTTP's", () => {
  assert.equal(statusLine(405, ""), "405 Method Not Allowed");
  assert.equal(statusLine(404, "Nothing Here"), "404 Nothing Here");
  assert.equal(statusLine(299, ""), "299");
});

const FEATURES = [
  { name: "ward", categories: ["A, B", 'say "hi"', "c"], mayBeMissing: true },
  { name: "age", categories: [], mayBeMissing: true },
  { name: "sex", categories: ["f", "m"], mayBeMissing: false },
];

test("a row's text is taken apart as the model takes it: quotation marks hold commas", () => {
  for (const [text, cells] of [
    ["1,a, b ,", ["1", "a", " b ", ""]], [' "a, b" ,"say ""hi""","",1', ["a, b", 'say "hi"', "", "1"]], ['"a" b,"c', ['"a" b', '"c']], ['5",6"', ['5"', '6"']], ['""""', ['"']], ['"a"""', ['a"']], ["", [""]],
  ]) {
    assert.deepEqual(cellsOf(text), cells, text);
  }
  assert.deepEqual(cellsOf('\t"a\tb"\tc', "\t"), ["", "a\tb", "c"]);
});

test("a category with a comma in its name is one value of an example, in the console and in the code to paste", async () => {
  // The page's bundler finds `wardian/rest.js`; Node does not.
  const rest = { name: "rest", setup: (building) => building.onResolve({ filter: /^wardian\// }, () => ({ path: fileURLToPath(new URL("../../npm/contract/rest.js", import.meta.url)) })) };
  const { outputFiles: [{ text }] } = await build({ entryPoints: [fileURLToPath(new URL("../../www/console/presets.js", import.meta.url))], bundle: true, write: false, format: "esm", plugins: [rest] });
  const { presetsOf } = await import(`data:text/javascript,${encodeURIComponent(text)}`);
  const page = { rest: "/katana-ml/api/v1.0/risk", example: '"A, B",50,f' };
  const dataOf = (preset) => JSON.parse(preset[1]().body).data;
  const presets = presetsOf(page, { features: FEATURES });
  assert.deepEqual(["example", "missing", "number", "count"].map((name) => dataOf(presets[name])), ['"A, B",50,f', ",,f", '"A, B",50l,f', '"A, B",50']);
  assert.equal(presets.text[1]().body, '{ "data": [null, 50, null] }');
  assert.equal(dataOf(presetsOf({ ...page, example: undefined }, { features: FEATURES }).example), '"A, B",1,f');
  assert.equal(dataOf(presetsOf({ ...page, example: '"say ""hi""",1,m' }, { features: FEATURES }).example), '"say ""hi""",1,m');

  const told = { case: { name: "risk", version: "1.0.0", example: page.example, features: FEATURES }, page: { features: FEATURES } };
  const { javascript } = snippetsOf({ told, file: { name: "m.json" }, rows: {}, label: "", positive: "", group: "", name: "risk" });
  assert.match(javascript, /predict\(\{ ward: "A, B", age: 50, sex: "f" \}\);$/);
});
