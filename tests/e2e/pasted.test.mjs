// A row that is pasted into the form: what is taken for its values, and how many there are said to be; and how the range is told that a value is
// outside of.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { rowOf } from "../../www/inputs/pasted.js";
import { roundingOf } from "../../www/person/entries.js";

const FEATURES = [
  { name: "age", label: "Age", categories: [] },
  { name: "bmi", label: "Body mass", categories: [] },
  { name: "ward", label: "Ward", categories: ["a;b", "None", "c"] },
];
const read = (text) => {
  const { texts, count, unknown } = rowOf(text, FEATURES);
  return [texts, count, unknown];
};

test("what is missing in a file of rows is missing in a row that is pasted, and nothing else", () => {
  const [, words] = /MISSING: &str =\s*"([^"]*)"/.exec(readFileSync(new URL("../../src/field.rs", import.meta.url), "utf8"));
  const missing = words.split(",");
  assert.ok(missing.length > 15 && missing.includes("NULL"));
  for (const word of [...missing, "na", "Na", "NAN", "+nan", "--NaN"]) {
    assert.deepEqual(read(`50,${word},c`), [["50", "", "c"], 2, []], word);
    assert.deepEqual(read(`age\tbmi\n50\t${word}`), [["50", "", ""], 1, []], word);
    assert.deepEqual(read(`age=50; bmi=${word}`), [["50", "", ""], 1, []], word);
  }
  for (const word of ["none", "Null", "N/a", "#n/a", "-NA", "1.#inf", "missing", "0"]) {
    assert.deepEqual(read(`50,${word},c`), [["50", word, "c"], 3, []], word);
  }
  // A category's name is that category.
  assert.deepEqual(read("50,None,None"), [["50", "", "None"], 2, []]);
  assert.deepEqual(read('{"age": 50, "bmi": null, "ward": "NULL"}'), [["50", "", ""], 1, []]);
});

test("a truth is what files of rows make of it: a number's 1 and 0, a category that Python calls so", () => {
  const [age, , ward] = FEATURES;
  const features = [age, { name: "smoker", label: "Smoker", categories: ["False", "True"] }, { name: "seen", label: "Seen", categories: ["true", "no"] }, ward];
  for (const text of ["true,true,true", "TRUE,TRUE,true", "True,True,true,", '{"age": true, "smoker": true, "seen": true}', "smoker=true; seen=true; age=true"]) {
    assert.deepEqual(rowOf(text, features).texts, ["1", "True", "true", ""], text);
  }
  assert.deepEqual(rowOf('{"age": false, "smoker": false, "seen": false, "ward": "True"}', features).texts, ["0", "False", "false", "True"]);
  assert.deepEqual(rowOf("tRue,fALSE", features).texts, ["tRue", "fALSE", "", ""]);
});

test("signs at the end, quotation marks and decimal commas change neither values nor their number", () => {
  for (const text of [
    "50,33.6,c", '[50, 33.6, "c"]', '[\n  50,\n  33.6,\n  "c"\n]', "50,33.6,c,", "50,33.6,c,,", "50,33.6,c\t", "50,33.6,c;", "50;33,6;c", "50;33,6;c;", "50;33,6;c,", "50\t33,6\tc", "50\t33,6\tc\t\t", '50,"33,6",c', '"50", "33,6" , "c"', '"50"\t"33.6"\t"c"', "\n50,33.6,c,\n",
    "age,bmi,ward\n50,33.6,c", "age,bmi,ward,\n50,33.6,c,", "age\tbmi\tward\t\n50\t33,6\tc\t", 'age;bmi;ward;\n"50";"33,6";"c";', "age=50,bmi=33,6,ward=c,", "age=50; bmi=33.6; ward=c;", 'age="50", bmi="33.6", ward="c"', "age: 50\nbmi: 33,6\nward: c\n",
  ]) {
    assert.deepEqual(read(text), [["50", "33.6", "c"], 3, []], JSON.stringify(text));
  }
  assert.deepEqual(read('50,33.6,"a;b"'), [["50", "33.6", "a;b"], 3, []]);
  assert.deepEqual(read("50\t\t\t"), [["50", "", ""], 1, []]);
  assert.deepEqual(read(",,c"), [["", "", "c"], 1, []]);
  // A column is a row that was turned.
  assert.deepEqual(read("50\n33.6\nc\n"), [["50", "33.6", "c"], 3, []]);
  assert.deepEqual(read("50\n33.6"), [["50", "33.6", ""], 2, []]);
  assert.deepEqual(read(""), [["", "", ""], 0, []]);
  assert.deepEqual(read("age,age\n50,51"), [["51", "", ""], 1, []]);
  assert.deepEqual(read("age,height\n50,1.8"), [["50", "", ""], 1, ["height"]]);
  // A thousand and more, or a fraction: the form asks.
  assert.deepEqual(read('50,"1,234",c'), [["50", "1,234", "c"], 3, []]);
});

test("of what is more than one row nothing is filled in", () => {
  for (const text of ["0,50,33.6,c", "50,33.6,c,1", "0\t50\t33,6\tc\t1", "50,33.6,a b, c", "50,33\n51,34", "50\n33,6\nc", "50,33.6,c\n51,30.1,c", "1\n2\n3\n4"]) {
    const { texts, count, unknown, isMore } = rowOf(text, FEATURES);
    assert.deepEqual([texts, count, unknown, isMore], [["", "", ""], 0, [], true], JSON.stringify(text));
  }
  for (const text of ["", "50,33.6,c", "age,bmi\n50,33.6", "nonsense=1"]) {
    assert.equal(rowOf(text, FEATURES).isMore, false, text);
  }
});

test("an end of the range is rounded so that it stands to the value as it does itself", () => {
  const ends = [[0.7836, 0.7838], [0.7836, 0.784], [0.12349, 0.1234], [-0.0004, -0.0005], [1e-9, 2e-9], [1e-30, 9e-31], [1234567.8912, 1234567.8913], [149.9996, 150], [Math.fround(0.7), 0.7], [199, 199.0001], [0, -1e-9], [1e21, 1.1e21]];
  for (const [end, value] of ends) {
    const shown = Number(new Intl.NumberFormat("en", { useGrouping: false, ...roundingOf(end, value) }).format(end));
    assert.equal(Math.sign(shown - value), Math.sign(end - value), `${end} ${value}: ${shown}`);
  }
  // Where three decimals do, they are all.
  assert.deepEqual([[199, 250], [0.12345, 0.5], [81, 20]].map(([end, value]) => roundingOf(end, value)), [undefined, undefined, undefined]);
});
