// What the file of rows is made of, without a page: plans, parts, rows with their answers.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { rowsOf } from "../../www/kinds/rows.js";
import { Scorer } from "../../www/rows/score.js";
import { Source } from "../../www/rows/source.js";
import { Tally } from "../../www/rows/tally.js";
import { Totals } from "../../www/rows/totals.js";
import { golden } from "./golden.mjs";
import { NAMES } from "./module-cases.mjs";

const DIST = new URL("../../www/dist/", import.meta.url);
const wardian = await import(new URL("wardian.js", DIST));
const explaining = await import(new URL("explain.js", DIST));
const { Rows, beginning, inParts, inTurn, inUtf8, optionsOf } = await import(new URL("rows.js", DIST));
const { decimal } = await import(new URL("rest.js", DIST));
wardian.loadSync(readFileSync(new URL("engine_bg.wasm", DIST)));
explaining.loadExplainerSync(readFileSync(new URL("explain_bg.wasm", DIST)));
const { features } = wardian.model();
const MODULE = new WebAssembly.Module(readFileSync(new URL("rows_bg.wasm", DIST)));
const ofCase = (name) => JSON.parse(readFileSync(new URL(`case/${name}.json`, DIST), "utf8"));
const WORDS = ofCase("columns");
const RISK = { kind: "risk" };
const ROW = "6,148,72,35,0,33.6,0.627,50";
const IN_ORDER = [0, 1, 2, 3, 4, 5, 6, 7];

const bytesOf = (text) => (typeof text === "string" ? new TextEncoder().encode(text) : text);
const reader = () => new Rows(MODULE, features, WORDS);
const planned = (file, options) => reader().plan(bytesOf(file), true, options);
const columnsOf = ({ columns }) => columns.map(({ column }) => column ?? -1);
const codesOf = (said) => said.map(({ code }) => code);

test("what the page calls its features in each language is known", () => {
  for (const language of ["zh", "es"]) {
    const said = ofCase(`page.${language}`).features;
    const labels = features.map(({ name, label }) => said.find((feature) => feature.name === name)?.label ?? label);
    const plan = planned(`${labels.join(",")}\n${ROW}\n`);
    assert.deepEqual([columnsOf(plan), codesOf(plan.doubts)], [IN_ORDER, []], `${language}: ${labels}`);
  }
});

test("a plan says what was decided, and what can be read in two ways", () => {
  const others = NAMES.filter((name) => !["glucose", "age"].includes(name));
  const named = planned(`Glucose (mmol/L);age;${others.join(";")};note\n5,9;50;1;2;3;4;5;6;x\n`);
  assert.deepEqual([named.delimiter, named.decimal, named.header, named.doubts], [";", ",", true, []]);
  assert.deepEqual(codesOf(named.notes).sort(), ["decimal", "near_name", "passed_over", "unit"]);
  assert.deepEqual(named.columns.find(({ feature }) => feature === "glucose"), { feature: "glucose", column: 0, unit: "mmol/L", conversion: { times: 18.016, minus: 0 } });
  const bare = planned(`${ROW}\n${ROW}\n`);
  assert.deepEqual([bare.header, columnsOf(bare), bare.doubts], [false, IN_ORDER, []]);
  const doubted = (text) => [...new Set(codesOf(planned(text).doubts))];
  assert.deepEqual(doubted("0,1,2,3,4,5,6,7\n1,2,3,4,5,6,7,8\n"), ["header", "absent"]);
  assert.deepEqual(doubted(`${NAMES.join(",")},AGE,Edad\n${ROW},1,2\n`), []);
  assert.deepEqual(doubted(`${NAMES.with(7, "edad").join(",")},AGE\n${ROW},1\n`), ["two_columns"]);
  assert.deepEqual(doubted(`${NAMES.with(7, "years").join(",")}\n${ROW}\n`), ["absent"]);
  assert.deepEqual(doubted(`${NAMES.with(1, "glucose (stone)").join(",")}\n${ROW}\n`), ["unknown_unit"]);
});

test("what a plan says as options gives it again, with nothing left open", () => {
  const file = `Title\n${NAMES.with(1, "glucose (mmol/l)").with(7, "edad").join("\t")}\tAGE\n6\t5,9\t1,106\t35\t0\t33,6\t0,627\t50\t3\n`;
  const first = planned(file, { skip: 1 });
  assert.deepEqual(codesOf(first.doubts), ["two_columns"]);
  const again = planned(file, optionsOf(first, features));
  assert.deepEqual({ ...again, notes: 0 }, { ...first, notes: 0, doubts: [] });
  // And where much is absent.
  const little = planned("age,Title\n50,x\n");
  assert.equal(little.doubts.length, 7);
  assert.deepEqual({ ...planned("age,Title\n50,x\n", optionsOf(little, features)), notes: 0 }, { ...little, notes: 0, doubts: [] });
});

test("options are the command line's, and no others", () => {
  const refused = (options) => {
    try {
      planned(`${ROW}\n`, options);
    } catch ({ code, message }) {
      return [code, message];
    }
    return undefined;
  };
  assert.deepEqual(refused({ seperator: ";" }), ["invalid_option", 'there is no option "seperator"; there are encoding, skip, delimiter, decimal, thousands, header, absent, column, unit, missingText, baseMargin']);
  assert.deepEqual(refused({ header: "maybe" }), ["invalid_option", '--header is yes or no, not "maybe"']);
  assert.equal(refused({ column: { weight: "#1" } })[0], "unknown_field");
  assert.deepEqual(refused({ unit: { glucose: "stone" } })[0], "invalid_option");
  // What was said beside is not taken for the next file's.
  const rows = reader();
  assert.throws(() => rows.plan(bytesOf(`${ROW}\n`), true, { delimiter: ";", header: "maybe" }), { code: "invalid_option" });
  assert.deepEqual(columnsOf(rows.plan(bytesOf(`${ROW}\n`), true)), IN_ORDER);
});

const kindOf = (file) => {
  try {
    const rows = reader();
    rows.plan(bytesOf(file), true);
    return rows.firstRows(9).length;
  } catch (error) {
    return error.code;
  }
};

test("what is no table is refused", () => {
  assert.equal(kindOf(""), "empty_input");
  assert.equal(kindOf("\n\r\n\n"), "empty_input");
  assert.equal(kindOf(Uint8Array.of(1, 2, 0, 3, 4, 5, 6, 7)), "wrong_type");
  assert.equal(kindOf(new Uint8Array([0x50, 0x4b, 3, 4, 0])), "wrong_type");
  assert.equal(kindOf(`${ROW}\r${ROW}\r`), 2);
});

const inPieces = async function* (bytes, size) {
  for (let start = 0; start < bytes.length; start += size) {
    yield bytes.subarray(start, start + size);
  }
};

async function gathered(text, size, plan, longest) {
  const found = [];
  for await (const part of inParts(inPieces(bytesOf(text), size), reader(), plan, longest)) {
    found.push(new TextDecoder("utf-8", { ignoreBOM: true }).decode(part));
  }
  return found;
}

test("a file comes in parts of whole rows, and nothing of it is lost", async () => {
  const plan = { delimiter: ",", skippedLines: 1 };
  const line = `"a ""quoted"" name,\nover two lines",${"1,".repeat(20)}2\r\n`;
  const text = `an "unclosed title\r\n${line.repeat(40_000)}`;
  for (const size of [1000, 65_536, 10_000_000]) {
    const found = await gathered(text, size, plan);
    assert.equal(found.join(""), text);
    assert.ok(found.every((part) => part.endsWith(",2\r\n")), `${found.length} parts`);
    assert.ok(size > text.length || found.length > 3, `${found.length} parts`);
  }
  await assert.rejects(gathered("1,".repeat(1e6), 1e5, { ...plan, skippedLines: 0 }, 1e6), { code: "unclosed_quote" });
});

test("what a plan is made from is as long as its first line", async () => {
  const start = async (text, size) => {
    const found = await beginning(inPieces(bytesOf(text), size), 600_000);
    return [found.start.length, found.isWhole];
  };
  for (const size of [1000, 100_000, 10_000_000]) {
    assert.deepEqual(await start("1,2\n", size), [4, true]);
    assert.deepEqual(await start("1,2\n".repeat(100_000), size), [262_144, false]);
    assert.deepEqual(await start(`${"1".repeat(300_000)}\n${"1".repeat(300_000)}`, size), [524_288, false]);
    await assert.rejects(start("1".repeat(1_000_000), size), { code: "unclosed_quote" });
  }
});

test("every encoding becomes UTF-8, and gzip is unpacked", async () => {
  const text = "año;血糖\n1,5;2\n";
  const utf16 = new Uint8Array(Uint16Array.from(`\ufeff${text}`, (character) => character.charCodeAt(0)).buffer);
  const collected = async (chunks) => {
    const found = [];
    for await (const chunk of chunks) {
      found.push(chunk);
    }
    return Buffer.concat(found).toString();
  };
  for (const size of [1, 3, 1000]) {
    assert.equal(await collected(inUtf8(inPieces(utf16, size), "utf-16le")), text);
    assert.equal(await collected(inUtf8(inPieces(Uint8Array.of(0xf1, 0x80), size), "windows-1252")), "ñ€");
    assert.equal(await collected(inUtf8(inPieces(bytesOf(text), size), "utf-8")), text);
  }
  const source = new Source(new Blob([gzipSync(text.repeat(1000))]));
  assert.equal(await collected(inTurn(await source.stream())), text.repeat(1000));
  assert.ok(source.consumed > 0 && source.consumed < text.length * 100, `${source.consumed} bytes`);
});

function scored(text, options = {}, { first = 0, explained = false, page = RISK, model = wardian.shippedModel(), explainMany = explaining.explainMany } = {}) {
  const rows = reader();
  const plan = rows.plan(bytesOf(text), true, options);
  const answers = rowsOf(page, model.description);
  const names = new TextDecoder().decode(rows.addColumns(answers.added, explained));
  const scorer = new Scorer({ rows, plan, model, answers, decimal, explainMany: explained ? explainMany : undefined });
  const result = scorer.part(bytesOf(text), { isStart: true, first });
  return { ...result, names, text: new TextDecoder().decode(result.text) };
}

/** The cells of a text without quotes in it. */
const cellsOf = (text, delimiter = ",") => text.trimEnd().split(/\r?\n/).map((line) => line.split(delimiter));

test("all 768 rows have XGBoost's bits, and their text reads back", () => {
  const result = scored(golden.map(({ data }) => `${data}\n`).join(""), {}, { first: 768 });
  const lines = cellsOf(result.text);
  golden.forEach(({ data, probability }, index) => {
    assert.equal(lines[index].slice(0, 8).join(","), data);
    assert.equal(lines[index][8], decimal(probability));
    assert.ok(Object.is(result.first[index].answer[0], probability));
  });
  assert.equal(result.names, `${NAMES.join(",")},probability,error\n`);
  assert.equal(result.scored, 768);
  assert.deepEqual([...result.measures], golden.map(({ probability }) => probability));
});

test("a bad cell costs its row the answer and nothing else", () => {
  const faulty = ["6,abc,72,35,0,33.6,0.627,50", '6,"1,5",72,35,0,33.6,0.627,50', "6,1e999,72,35,0,33.6,0.627,50", "6,1e39,72,35,0,33.6,0.627,50", "6,148", `${ROW},9`, `${ROW},,`, ",,,,,,,"];
  const text = [ROW, ...faulty, "", ROW, '6,"14'].join("\r\n");
  const result = scored(text);
  const [good, ...lines] = result.text.split("\r\n");
  const answer = good.slice(ROW.length);
  assert.match(answer, /^,0\.\d+,$/);
  assert.deepEqual(lines, [
    `${faulty[0]},,"glucose: ""abc"" is not a number"`,
    `${faulty[1]},,"glucose: ""1,5"" is not a number: --decimal , says that commas stand before fractions"`,
    `${faulty[2]},,"glucose: ""1e999"" is not a finite number"`,
    `${faulty[3]},,"glucose: ""1e39"" is beyond the range of a 32-bit float"`,
    `6,148,,,,,,,,"blood_pressure: 8 values are needed, 2 given; this is the first that is absent"`,
    `${faulty[5]},,"8 values are needed, 9 given"`,
    `${faulty[6]},,"8 values are needed, 10 given"`,
    `,,,,,,,,,"no feature has a value: take the line out, or write NA for what was not measured"`,
    `${ROW}${answer}`,
    `6,"14",,,,,,,,a quote is not closed`,
    "",
  ]);
  assert.deepEqual(result.errors.map(({ row, code, values }) => [row, code, values.value ?? values.given]), [
    [1, "not_a_number", "abc"], [2, "not_a_number", "1,5"], [3, "not_finite", "1e999"], [4, "not_finite", "1e39"], [5, "wrong_field_count", 2], [6, "wrong_field_count", 9], [7, "wrong_field_count", 10], [8, "empty_input", 8], [10, "unclosed_quote", 2],
  ]);
  assert.deepEqual([result.count, result.scored, result.errorCount], [11, 2, 9]);
});

test("what is not the model's is given back as it came", () => {
  const text = `note,${NAMES.join(",")},"said"\n"=1+1",${ROW},"said ""no"",\nthen yes"\n-x,${ROW},@é\n`;
  const result = scored(text);
  assert.match(result.text, /^"=1\+1",6,[\d.,]*,50,"said ""no"",\nthen yes",0\.\d+,\n-x,6,[\d.,]*,50,@é,0\.\d+,\n$/);
  assert.equal(result.names, `note,${NAMES.join(",")},said,probability,error\n`);
});

test("columns that are added have names and signs that fit the file", () => {
  const row = ROW.replaceAll(",", ";").replaceAll(".", ",");
  const names = [...NAMES, "error", "probability", "a;b"].map((name) => (name === "a;b" ? '"a;b"' : name)).join(";");
  const result = scored(`${names}\r\n${row};1;2;3\r\n`);
  assert.equal(result.names, `${names};probability_2;error_2\r\n`);
  const [cells] = cellsOf(result.text, ";");
  const plain = cellsOf(scored(`${ROW}\n`).text)[0];
  assert.equal(cells[11], plain[8].replace(".", ","));
  assert.ok(result.text.endsWith(";\r\n"));
});

test("a column in another unit is converted, whatever it is called", () => {
  const row = (glucose) => `6,${glucose},72,35,0,33.6,0.627,50\n`;
  const names = (glucose) => `${NAMES.with(1, glucose).join(",")}\n`;
  const probability = ({ text }) => cellsOf(text)[0][8];
  const expected = probability(scored(names("glucose") + row(106)));
  assert.equal(probability(scored(names("Glucose (mmol/L)") + row(5.9))), expected);
  assert.equal(probability(scored(names("glucose") + row(5.9), { unit: { glucose: "mmol/L" } })), expected);
  assert.equal(probability(scored(row(5.9), { unit: { glucose: "mmol/L" } })), expected);
  assert.notEqual(probability(scored(names("glucose") + row(5.9))), expected);
});

test("reasons are the three contributions that are largest", () => {
  const { text, names, first } = scored(`${ROW}\n`, {}, { explained: true, first: 1 });
  assert.equal(names, `${NAMES.join(",")},probability,reasons,error\n`);
  const { contributions } = explaining.explain(ROW);
  const most = Object.entries(contributions).sort(([, one], [, other]) => Math.abs(other) - Math.abs(one)).slice(0, 3);
  assert.equal(cellsOf(text)[0][9], most.map(([name, value]) => `${name} ${value < 0 ? "" : "+"}${value.toFixed(2)}`).join("; "));
  assert.deepEqual(first[0].reasons.map(({ index, adds }) => [NAMES[index], adds]), most);
});

test("parts are added up in the file's order", () => {
  const totals = new Totals({ ends: [0, 1], zones: [{ to: 0.25 }, { to: 0.75, name: "grey" }, {}] });
  const lines = golden.map(({ data }) => `${data}\n`);
  const results = [[0, 300], [300, 500], [500, 768]].map(([from, to]) => scored(`${lines.slice(from, to).join("")}x,,,,,,,\n`, { header: false }, { first: 1000 }));
  for (const part of [2, 0, 1]) {
    totals.add(part, { ...results[part], part });
  }
  assert.deepEqual(totals.parts, [0, 1, 2]);
  assert.deepEqual([totals.count, totals.scored, totals.errorCount], [771, 768, 3]);
  assert.deepEqual(totals.errors.map(({ row }) => row), [301, 502, 771]);
  assert.deepEqual(totals.first.map(({ row }) => row), Array.from({ length: 771 }, (_, index) => index + 1));
  const best = golden.map(({ probability }) => probability).sort((one, other) => other - one);
  assert.deepEqual(totals.top.map(({ answer: [probability] }) => probability), best.slice(0, 100));
  const below = golden.filter(({ probability }) => probability < 0.25).length;
  const above = golden.filter(({ probability }) => probability > 0.75).length;
  assert.deepEqual(totals.tally.zones, [below, 768 - below - above, above]);
  const { counts, low, high } = totals.tally.histogram();
  assert.deepEqual([low, high, counts.reduce((sum, count) => sum + count)], [0, 1, 768]);
});

/** A model of the same features whose answers and contributions are given: so many of each a row. */
const given = (answers, contributions, outputs) => ({
  description: { ...wardian.model(), predictions: answers[0].length, outputs, classes: [] },
  predictMany: () => Float32Array.from(answers.flat()),
  explainMany: () => Float64Array.from(contributions.flat()),
});
const contributed = (place, value) => Array.from({ length: 9 }, (_, index) => (index === place ? value : 0));

test("a row of a model of classes gets its class, the share of each, and the reasons for that class", () => {
  const model = given([[0.25, 0.5, 0.25], [0.75, 0.125, 0.125]], [contributed(0, 1), contributed(1, 2), contributed(2, 3), contributed(3, -4), contributed(4, 5), contributed(5, 6)], 3);
  // A name with the file's delimiter in it, and a sign that a number has.
  const page = { kind: "classes", classes: { "a, or 1.5": "A", b: "B", c: "C" } };
  const { text, names, top, measures } = scored(`${ROW}\n${ROW}\n`, {}, { page, model, explained: true, explainMany: model.explainMany });
  assert.equal(names, `${NAMES.join(",")},class,"probability_a, or 1.5",probability_b,probability_c,reasons,error\n`);
  const [first, second] = text.trimEnd().split("\n").map((line) => line.slice(ROW.length));
  assert.match(first, /^,b,0\.25,0\.5,0\.25,glucose \+2\.00/);
  assert.match(second, /^,"a, or 1\.5",0\.75,0\.125,0\.125,skin_fold_thick -4\.00/);
  assert.deepEqual([...measures], [1, 0]);
  // The least sure first.
  assert.deepEqual(top.map(({ row }) => row), [0, 1]);
  const alone = given([[2]], [], 3);
  assert.equal(scored(`${ROW}\n`, {}, { page, model: alone }).text, `${ROW},c,\n`);
});

test("a number is called a prediction, and several are numbered", () => {
  const number = scored(`${ROW}\n`, {}, { page: { kind: "number" }, model: given([[-1.5]], [], 1) });
  assert.deepEqual([number.names.slice(NAMES.join(",").length), number.text.slice(ROW.length)], [",prediction,error\n", ",-1.5,\n"]);
  const several = scored(`${ROW}\n`, {}, { page: { kind: "targets" }, model: given([[1, 2]], [], 2) });
  assert.deepEqual([several.names.slice(NAMES.join(",").length), several.text.slice(ROW.length)], [",prediction_0,prediction_1,error\n", ",1.0,2.0,\n"]);
  assert.deepEqual([several.top, [...several.measures]], [[], []]);
});

test("numbers whose range is not known are counted between the least and the largest", () => {
  const tally = new Tally({});
  tally.add(Float64Array.of(10, 20, NaN));
  tally.add(Float64Array.of(50, Infinity, 20));
  const { low, high, counts } = tally.histogram();
  assert.deepEqual([low, high, tally.count, tally.sum], [10, 50, 6, 100]);
  assert.deepEqual([counts[0], counts[10], counts.at(-1)], [1, 2, 1]);
  const one = new Tally({});
  one.add(Float64Array.of(3, 3));
  assert.equal(one.histogram().counts[0], 2);
  // A million are kept; later ones beyond the ends are counted at them.
  const many = new Tally({});
  many.add(Float64Array.from({ length: 1_000_000 }, (_, index) => index));
  many.add(Float64Array.of(2_000_000, -5));
  const ends = many.histogram();
  assert.deepEqual([ends.low, ends.high, ends.counts[0], ends.counts.at(-1)], [0, 999_999, 25_001, 25_001]);
  const classes = new Tally({ classes: 3 });
  classes.add(Float64Array.of(2, 0, 2));
  assert.deepEqual(classes.classes, [1, 0, 2]);
});
