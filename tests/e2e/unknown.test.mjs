// What is not known: a package's `unknown`, beside every value that was observed and beside the page.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { script } from "./package.mjs";
import { hosted } from "./page.mjs";

const { observed, unknown, unknownOf } = await script("unknown.js");
const { Model, model, predict, predictMany } = await script("index.js");
const [names, ...rows] = readFileSync(new URL("../../models/diabetes/pima-indians-diabetes.csv", import.meta.url), "utf8").trim().split("\n").map((line) => line.split(","));
const features = model.features.map(({ name }) => name);
const EXAMPLE = [1, 106, 70, 28, 135, 34.2, 0.142, 22];

/** The least and the largest answer over all values that the training rows have of a feature. */
function brute(row, name) {
  const index = features.indexOf(name);
  const { missingCodes } = model.features[index];
  const values = rows.map((cells) => Number(cells[names.indexOf(name)])).filter((value) => !missingCodes?.includes(value));
  const answers = predictMany(values.map((value) => row.with(index, value)));
  return [Math.min(...answers), Math.max(...answers)];
}

/** The example without some values. */
const without = (...absent) => EXAMPLE.map((value, index) => (absent.includes(features[index]) ? null : value));

test("what is told is what every observed value gives, the one that would tell most first", () => {
  for (const absent of [["serum_insulin"], ["glucose", "mass_index"], ["blood_pressure", "serum_insulin", "glucose", "skin_fold_thick", "mass_index"], features.slice(1)]) {
    const told = unknown(without(...absent));
    assert.deepEqual(told.map(({ feature }) => feature).sort(), [...absent].sort());
    assert.ok(told.every(({ spread }, place) => place === 0 || told[place - 1].spread >= spread));
    for (const { feature, low, high, spread } of told) {
      assert.deepEqual([low, high], brute(without(...absent), feature), feature);
      assert.ok(spread >= 0 && spread <= (high - low) / 2 + 1e-12);
    }
  }
  assert.deepEqual(unknown(EXAMPLE), []);
  // A code that means "not measured" is one; so is what is not named.
  assert.deepEqual(unknown(EXAMPLE.with(1, 0)), unknown(without("glucose")));
  assert.deepEqual(unknown({ glucose: 106, age: 22 }).map(({ feature }) => feature).sort(), features.filter((name) => !["glucose", "age"].includes(name)).sort());
  assert.throws(() => unknown([1, 2]), { code: "wrong_field_count" });
});

test("any model by what was observed of it; what was not is left out", () => {
  const any = new Model();
  assert.deepEqual(unknownOf(any, observed, without("glucose", "age")), unknown(without("glucose", "age")));
  assert.deepEqual(unknownOf(any, { age: { values: [20, 70], counts: [3, 1] } }, without("glucose", "age")).map(({ feature }) => feature), ["age"]);
  assert.deepEqual(unknownOf(any, undefined, without("glucose")), []);
  const [{ spread, low, high }] = unknownOf(any, { age: { values: [20, 70], counts: [3, 1] } }, without("age"));
  // Of two values of which one is three times as frequent.
  assert.ok(Math.abs(spread - (high - low) * Math.sqrt(3 / 16)) < 1e-12);
});

test("a model of several answers tells each", () => {
  const any = new Model(readFileSync(new URL("../golden/classes.wardian", import.meta.url)));
  const width = any.description.features.length;
  const [{ name }] = any.description.features;
  const told = unknownOf(any, { [name]: { values: [-1, 0, 1], counts: [1, 1, 1] } }, Array(width).fill(0).with(0, null));
  const answers = [-1, 0, 1].map((value) => any.predict(Array(width).fill(0).with(0, value)).prediction);
  const ends = (end) => answers[0].map((_, place) => end(...answers.map((answer) => answer[place])));
  assert.deepEqual([told[0].low, told[0].high], [ends(Math.min), ends(Math.max)]);
});

test("four missing values are told sooner than by asking for every value", () => {
  const names = ["blood_pressure", "serum_insulin", "glucose", "mass_index"];
  const row = without(...names);
  const asked = names.flatMap((name) => observed[name].values.map((value) => row.with(features.indexOf(name), value)));
  const ways = { told: () => unknown(row), asked: () => asked.forEach((each) => predict(each)) };
  const least = { told: Infinity, asked: Infinity };
  // The least of many, by turns: the machine does other things, too, and all of it is as fast or as slow.
  for (let round = 0; round < 200; round += 1) {
    for (const [way, take] of Object.entries(ways)) {
      const start = performance.now();
      take();
      least[way] = Math.min(least[way], performance.now() - start);
    }
  }
  const [told, each] = [least.told, least.asked].map((time) => (time * 1000).toFixed(1));
  console.log(`# ${told} µs for ${names.length} missing values, ${each} for their ${asked.length} values one by one`);
  assert.ok(least.told < least.asked, `${told} µs beside ${each}`);
});

const host = hosted();
const text = (page, selector) => page.locator(selector).allTextContents();
const in100 = (share) => Math.round(share * 100);

test("the page tells between what an answer lies, when a value is missing and not before", async () => {
  const page = await host.open();
  await page.locator("#example").click();
  await page.locator("#why .waterfall").waitFor();
  assert.equal(await page.locator("#unknown").count(), 0);
  assert.ok(!host.requests.some((address) => `${address}`.includes("observed")), "nobody asked for what was observed");
  await page.locator("#input-serum_insulin-absent").check();
  await page.locator("#unknown li").waitFor();
  const [low, high] = brute(without("serum_insulin"), "serum_insulin").map(in100);
  assert.deepEqual(await text(page, "#unknown li"), [`Insulin unknown: ${low} to ${high} in 100 if measured`]);
  await page.locator("#input-glucose-absent").check();
  const [most, least] = [brute(without("serum_insulin", "glucose"), "glucose"), brute(without("serum_insulin", "glucose"), "serum_insulin")].map((ends) => ends.map(in100));
  await page.locator("#unknown li").nth(1).waitFor();
  assert.deepEqual(await text(page, "#unknown li"), [`Glucose unknown: ${most[0]} to ${most[1]} in 100 if measured`, `Insulin unknown: ${least[0]} to ${least[1]} in 100 if measured`]);
  assert.match((await text(page, "#unknown .help")).at(-1), /^Over the values that other rows had, .* Glucose would tell most/);
  await page.locator("#language").selectOption("es");
  await page.locator("#unknown li", { hasText: `sin medir: de ${most[0]} a ${most[1]} de cada 100 si se midiera` }).waitFor();
  await page.locator("#example").click();
  await page.locator("#unknown").waitFor({ state: "detached" });
});
