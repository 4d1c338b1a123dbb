// What the file of rows is made of, without a page: columns, blocks, numbers as text, rows with their answers.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { blocks, lastRecordEnd } from "../../www/rows/blocks.js";
import { columnsFor, hasHeader } from "../../www/rows/columns.js";
import { probabilityText } from "../../www/rows/decimal.js";
import { inspect } from "../../www/rows/inspect.js";
import { records, Scorer, textOf } from "../../www/rows/score.js";
import { Totals } from "../../www/rows/totals.js";
import { golden } from "./golden.mjs";
import { NAMES } from "./module-cases.mjs";

const DIST = new URL("../../www/dist/", import.meta.url);
const wardian = await import(new URL("wardian.js", DIST));
const explaining = await import(new URL("explain.js", DIST));
const { decimal } = await import(new URL("rest.js", DIST));
wardian.loadSync(readFileSync(new URL("engine_bg.wasm", DIST)));
explaining.loadExplainerSync(readFileSync(new URL("explain_bg.wasm", DIST)));
const { features } = wardian.model();
const MODEL = { model: wardian.shippedModel(), decimal, explainMany: explaining.explainMany };

/** The same numbers at every run. */
function generator(seed = 1) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state;
  };
}

const header = (first, ...rows) => {
  const table = [first.split(","), ...rows.map((row) => row.split(","))];
  return hasHeader(table, features) ? columnsFor(table, true, features) : undefined;
};
const ROW = "6,148,72,35,0,33.6,0.627,50";
const IN_ORDER = [0, 1, 2, 3, 4, 5, 6, 7];

test("columns are found by name, in any order and many spellings", () => {
  assert.deepEqual(header(NAMES.join(","), ROW), IN_ORDER);
  assert.deepEqual(header(NAMES.toReversed().join(","), ROW), IN_ORDER.toReversed());
  // As the data goes round on Kaggle, OpenML and in R.
  assert.deepEqual(header("Pregnancies,Glucose,BloodPressure,SkinThickness,Insulin,BMI,DiabetesPedigreeFunction,Age,Outcome", ROW), IN_ORDER);
  assert.deepEqual(header("preg,plas,pres,skin,insu,mass,pedi,age,class", ROW), IN_ORDER);
  assert.deepEqual(header("pregnant,glucose,pressure,triceps,insulin,mass,pedigree,age,diabetes", ROW), IN_ORDER);
  assert.deepEqual(header(" TIMES PREGNANT ,Glucose (mg/dL),blood-pressure [mm Hg],Skin Fold,serum insulin,Body Mass Index,x,AGE", ROW), [0, 1, 2, 3, 4, 5, -1, 7]);
  assert.deepEqual(header("怀孕次数,血糖（mg/dL）,血压,皮褶厚度,胰岛素,体重指数,糖尿病家族史,年龄", ROW), IN_ORDER);
  assert.deepEqual(header("embarazos,glucosa,presión arterial,pliegue cutáneo,INSULINA,IMC,pedigri de diabetes,Edad", ROW), IN_ORDER);
  // The feature's own name before an alias, whichever comes first; the first of two that are alike.
  assert.deepEqual(header("edad,age,glucose,GLUCOSE", "1,2,3,4"), [-1, 2, -1, -1, -1, -1, -1, 1]);
});

test("what the page calls its features in each language is known", async () => {
  for (const language of ["en", "zh", "es"]) {
    const { default: texts } = await import(`../../www/i18n/${language}/person.js`);
    const labels = features.map(({ name }) => texts[`label.${name}`]);
    const known = labels.filter((label) => label !== undefined);
    assert.equal(header(labels.join(","), ROW)?.filter((column) => column >= 0).length ?? 0, known.length, `${language}: ${labels}`);
  }
});

test("without names the columns are in the model's order", () => {
  assert.equal(header(ROW, ROW), undefined);
  assert.equal(header("NA,,72,35,0,33.6,0.627,50", ROW), undefined);
  assert.deepEqual(columnsFor([[...ROW.split(","), "1"]], false, features), IN_ORDER);
  assert.deepEqual(columnsFor([["1", "2"]], false, features), NAMES.map(() => -1));
  // Words over numbers are names even if none is known.
  assert.deepEqual(header("a,b,c,d,e,f,g,h", ROW), NAMES.map(() => -1));
});

test("a probability's text is what `decimal` writes", () => {
  const next = generator();
  const view = new DataView(new ArrayBuffer(4));
  const floats = [0, 1, 0.5, 0.25, 1e-4, 1e-5, 1e-45, NaN, ...golden.map(({ probability }) => probability)];
  // Every binade of [0, 1] and its edges, where floats are unevenly spaced and decimals tie.
  for (let exponent = 100; exponent <= 127; exponent += 1) {
    for (const step of [-3, -2, -1, 0, 1, 2, 3]) {
      view.setUint32(0, (exponent << 23) + step);
      floats.push(view.getFloat32(0));
    }
  }
  for (let count = 0; count < 20_000; count += 1) {
    view.setUint32(0, 0x38000000 + (next() % 0x07800001));
    floats.push(view.getFloat32(0));
  }
  for (let count = 0; count <= 4096; count += 1) {
    floats.push(count / 4096);
  }
  const different = floats.filter((value) => probabilityText(value, decimal) !== decimal(value));
  assert.deepEqual(different, []);
});

const bytesOf = (text) => new TextEncoder().encode(text);
const codes = (delimiter, newline) => [delimiter.charCodeAt(0), newline.charCodeAt(0)];

test("blocks end where the parser ends records, whatever the quotes", () => {
  const next = generator(7);
  // The characters that decide, in every order that chance finds.
  const alphabet = ['"', '"', ",", "\n", "\n", "\r\n", "a", " ", "é"];
  let compared = 0;
  for (let count = 0; count < 20_000; count += 1) {
    let text = "";
    for (let length = 1 + (next() >>> 16) % 24; length > 0; length -= 1) {
      text += alphabet[(next() >>> 16) % alphabet.length];
    }
    const bytes = bytesOf(text);
    const end = lastRecordEnd(bytes, ...codes(",", "\n"));
    const plan = { delimiter: ",", newline: "\n" };
    const whole = records(text, plan);
    if (whole.unclosed || end === 0) {
      continue;
    }
    const parts = [bytes.subarray(0, end), bytes.subarray(end)].flatMap((part) => records(textOf(part), plan).records);
    assert.deepEqual(parts, whole.records, JSON.stringify(text));
    compared += 1;
  }
  assert.ok(compared > 5000, `${compared} texts`);
});

async function gathered(text, table) {
  const found = [];
  for await (const block of blocks(new Blob([text]), table)) {
    found.push(new TextDecoder().decode(block));
  }
  return found;
}

test("a file comes in blocks of whole records, and nothing of it is lost", async () => {
  const line = `"a ""quoted"" name,\nover two lines",${"1,".repeat(20)}2\r\n`;
  const text = line.repeat(40_000);
  const found = await gathered(text, { delimiter: ",", newline: "\n" });
  assert.ok(found.length > 3, `${found.length} blocks`);
  assert.equal(found.join(""), text);
  assert.ok(found.every((block) => block.startsWith('"a ') && block.endsWith("\r\n")));
  await assert.rejects(gathered("1,".repeat(1e6), { delimiter: ",", newline: "\n" }), { code: "long" });
});

test("a file is told by its beginning", () => {
  const told = (text) => inspect(typeof text === "string" ? bytesOf(text) : text, text.length);
  const { rows, ...table } = told(`\ufeff"a;b";c\r\n1,5;2\r\n`);
  assert.deepEqual([rows, table], [[["a;b", "c"], ["1,5", "2"]], { delimiter: ";", newline: "\n", ending: "\r\n", bom: true, width: 2 }]);
  assert.equal(told("a\tb\n1\t2\n").delimiter, "\t");
  assert.equal(told("a|b\n1|2\n").delimiter, "|");
  assert.deepEqual(told("a,b\r1,2\r").newline, "\r");
  assert.equal(told("5\n6\n").width, 1);
  const refused = (bytes) => {
    try {
      told(bytes);
    } catch (error) {
      return error.code;
    }
    return undefined;
  };
  assert.equal(refused(""), "empty");
  assert.equal(refused("\n\r\n\n"), "empty");
  assert.equal(refused(new Uint8Array([1, 0, 2])), "binary");
  assert.equal(refused(new Uint8Array([0x50, 0x4b, 3, 4, 0])), "spreadsheet");
  assert.equal(refused(new Uint8Array([0xff, 0xfe, 0x61, 0])), "utf16");
  assert.equal(refused("1,".repeat(10_000)), "wide");
});

const PLAN = { delimiter: ",", newline: "\n", ending: "\n", width: 8, columns: IN_ORDER, reasons: false, added: ["probability", "error"] };
const scored = (text, plan = {}, options = {}) => new Scorer({ ...PLAN, ...plan }, MODEL).block(text, options);

test("all 768 rows have XGBoost's bits, and their text reads back", () => {
  const result = scored(golden.map(({ data }) => `${data}\n`).join(""), {}, { first: 768 });
  const lines = result.text.trimEnd().split("\n");
  golden.forEach(({ data, probability }, index) => {
    assert.ok(lines[index].startsWith(`${data},`));
    assert.ok(Object.is(Math.fround(Number(lines[index].split(",")[8])), probability), `row ${index + 1}`);
    assert.ok(Object.is(result.first[index].probability, probability));
  });
  assert.equal(result.scored, 768);
  assert.equal(result.bars.reduce((sum, count) => sum + count), 768);
  assert.equal(result.below, golden.filter(({ probability }) => probability < 0.25).length);
});

test("a bad cell costs its row the answer and nothing else", () => {
  const text = [ROW, "6,abc,72,35,0,33.6,0.627,50", '6,"1,5",72,35,0,33.6,0.627,50', "6,1e999,72,35,0,33.6,0.627,50", "6,1e39,72,35,0,33.6,0.627,50", "6,148", `${ROW},9`, `${ROW},,`, "", ",,,,,,,", ROW, '6,"14'].join("\r\n");
  const result = scored(text, { ending: "\r\n" });
  const given = records(result.text, PLAN).records.map((cells) => cells.slice(-2));
  const [[good]] = given;
  assert.ok(Number(good) > 0);
  assert.deepEqual(given, [
    [good, ""],
    ["", 'glucose: "abc" is not a number'],
    ["", 'glucose: "1,5" is not a number'],
    ["", 'glucose: "1e999" is not a finite number'],
    ["", "glucose: the value is beyond the range of a 32-bit float"],
    ["", "8 cells are needed, 2 given"],
    ["", "8 cells are needed, 9 given"],
    [good, ""],
    ["", "no values given; 8 are needed"],
    [good, ""],
    ["", "a quote is not closed"],
  ]);
  assert.equal(result.errorCount, 8);
  assert.deepEqual(result.errors.map(({ row, code }) => [row, code]), [
    [1, "not_a_number"], [2, "not_a_number"], [3, "not_finite"], [4, "not_finite"], [5, "wrong_field_count"], [6, "wrong_field_count"], [8, "empty_input"], [10, "unclosed_quote"],
  ]);
});

test("what is not the model's is given back as it came", () => {
  const plan = { width: 10, columns: [1, 2, 3, 4, 5, 6, 7, 8] };
  const cells = ['"=1+1"', ROW, '"said ""no"",\nthen yes"'].join(",");
  const { text } = scored(`${cells}\n-x,${ROW},@é\n`, plan);
  const [first, second] = records(text, PLAN).records;
  assert.equal(first[0], "=1+1");
  assert.equal(first[9], 'said "no",\nthen yes');
  assert.equal(second[0], "-x");
  assert.equal(second[9], "@é");
});

test("decimal commas are read where commas do not end cells", () => {
  const row = ROW.replaceAll(",", ";");
  const [point, comma] = [scored(`${row}\n`, { delimiter: ";" }), scored(`${row.replaceAll(".", ",")}\n`, { delimiter: ";" })];
  assert.equal(comma.errorCount, 0);
  assert.equal(comma.sum, point.sum);
});

test("reasons are the three contributions that are largest", () => {
  const { text } = scored(`${ROW}\n`, { reasons: true, added: ["probability", "reasons", "error"] });
  const [[, ...added]] = records(text, PLAN).records.map((cells) => cells.slice(7));
  const { contributions } = explaining.explain(ROW);
  const most = Object.entries(contributions).sort(([, one], [, other]) => Math.abs(other) - Math.abs(one)).slice(0, 3);
  assert.equal(added[1], most.map(([name, value]) => `${name} ${value < 0 ? "" : "+"}${value.toFixed(2)}`).join("; "));
});

test("blocks are added up in the file's order", () => {
  const totals = new Totals();
  const lines = golden.map(({ data }) => `${data}\n`);
  const results = [[0, 300], [300, 500], [500, 768]].map(([from, to]) => scored(`${lines.slice(from, to).join("")}x,,,,,,,\n`, {}, { first: 1000 }));
  for (const block of [2, 0, 1]) {
    totals.add(block, { ...results[block], part: block });
  }
  assert.deepEqual(totals.parts, [0, 1, 2]);
  assert.deepEqual([totals.count, totals.scored, totals.errorCount], [771, 768, 3]);
  assert.deepEqual(totals.errors.map(({ row }) => row), [301, 502, 771]);
  assert.deepEqual(totals.first.map(({ row }) => row), Array.from({ length: 771 }, (_, index) => index + 1));
  const best = golden.map(({ probability }) => probability).sort((one, other) => other - one);
  assert.deepEqual(totals.top.map(({ probability }) => probability), best.slice(0, 100));
});
