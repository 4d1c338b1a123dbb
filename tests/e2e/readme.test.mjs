// The package's README: its code runs as it stands, and what it says comes out comes out.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const README = readFileSync(new URL("../../models/diabetes/package/README.md", import.meta.url), "utf8");
const PACKAGE = fileURLToPath(new URL("../../target/package", import.meta.url));
const blocks = [...README.matchAll(/^```js\n(.*?)^```/gms)].map(([, code]) => code);

const folder = mkdtempSync(path.join(tmpdir(), "wardian-readme-"));
after(() => rmSync(folder, { recursive: true }));
mkdirSync(path.join(folder, "node_modules"));
symlinkSync(PACKAGE, path.join(folder, "node_modules/wardian"), "dir");

/** What a program made of these lines prints, as JSON. */
function ran(lines) {
  const program = path.join(folder, "program.mjs");
  writeFileSync(program, lines);
  return JSON.parse(execFileSync(process.execPath, ["--preserve-symlinks", program], { encoding: "utf8" }));
}

test("the three lines that it opens with say what is beside them", () => {
  const said = ran(`${blocks[0]}
    console.log(JSON.stringify([predict("1,106,70,28,135,34.2,0.142,22").prediction, typeof explain({ glucose: 106, age: 22 }).contributions.age]));`);
  assert.deepEqual(said, [0.10455211997032166, "number"]);
  assert.match(blocks[0], /\.prediction; \/\/ 0\.10455211997032166$/m);
});

test("what there is is there, and a mistake has its code and field", () => {
  const given = `
    import { readFileSync } from "node:fs";
    const bytes = readFileSync(${JSON.stringify(path.join(PACKAGE, "diabetes.wardian"))});
    const row = "1,106,70,28,135,34.2,0.142,22";
    const table = { schema: { fields: [{ name: "age", type: "Float64" }] }, getChild: () => ({ nullCount: 0, toArray: () => Float64Array.of(22) }) };
    const request = new Request("http://localhost/katana-ml/api/v1.0/diabetes", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ data: row }) });`;
  const caught = given + blocks[1] + blocks[2].replace('error.code; // "unknown_field"', "console.log(JSON.stringify([error.code, error.field, typeof Pool.start]));");
  assert.deepEqual(ran(caught), ["unknown_field", "glucos", "function"]);
});

test("a value in another unit is what is beside it", () => {
  const [units] = blocks.filter((code) => code.includes('from "wardian/units"'));
  const program = `import { model, predict } from "wardian"; ${units} console.log(inUnit(model, "glucose", 5.9, "mmol/L"));`;
  assert.equal(ran(program), 106);
  assert.match(units, /unit: "mmol\/L" \}, age: 22 \}\);/m);
});

test("how sure an answer is is what is beside it", () => {
  const [sure] = blocks.filter((code) => code.includes('from "wardian/certainty"'));
  const levels = [{ level: 90, score: 0.5 }, { level: 95, score: 1 }];
  const [imports, first, second] = sure.trim().split("\n");
  const program = `${imports} const certainty = ${JSON.stringify({ intervals: [{ levels }] })}; console.log(JSON.stringify([${[first, second].map((line) => line.split(";")[0]).join()}]));`;
  assert.deepEqual(ran(program), [{ level: 90, low: 4.7, high: 5.7 }, { level: 95, low: 4.2, high: 6.2 }]);
  assert.match(first, /\{ level: 90, low: 4\.7, high: 5\.7 \}/);
});

test("what is not known is what is beside it", () => {
  const [unknown] = blocks.filter((code) => code.includes('from "wardian/unknown"'));
  const [imports, asked] = unknown.trim().split("\n");
  const [call, said] = asked.split("; // ");
  assert.deepEqual(ran(`${imports} console.log(JSON.stringify(${call}));`), Function(`return ${said}`)());
});

test("a file of rows is planned, read and answered", () => {
  const [block] = blocks.filter((code) => code.includes('from "wardian/rows"'));
  const [imports, code] = [block.split("\n").slice(0, 1), block.split("\n").slice(1)].map((lines) => lines.join("\n"));
  const said = ran(`import { Model } from "wardian"; import { readFileSync } from "node:fs"; ${imports}
    const [model, rowsWasm] = [new Model(), readFileSync(${JSON.stringify(path.join(PACKAGE, "rows.wasm"))})];
    const names = model.description.features.map(({ name }) => name);
    const file = new Blob([names.join(";"), "\\n1;106;70;28;135;34,2;0,142;22\\n1;x;70;28;135;34,2;0,142;22\\n"]);
    ${code.replace("const answers =", "globalThis.faults = faults; globalThis.answers =")}
    console.log(JSON.stringify([...answers, faults[0].line, faults[0].message]));`);
  assert.deepEqual(said, [0.10455211997032166, 3, 'glucose: "x" is not a number']);
});

test("the edge runtimes' entry answers", () => {
  const said = ran(`import service from "wardian/fetch";
    console.log(JSON.stringify((await service.fetch(new Request("http://localhost/katana-ml/api/v1.0/openapi.json"))).status));`);
  assert.equal(said, 200);
  assert.ok(blocks.some((code) => code.includes('from "wardian/fetch"')));
});
