// What the REST console writes: for a shell, in JavaScript, on the page.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { addressOf, init, laidOut, statusLine, toCurl, toFetch } from "../../www/console/written.js";

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
