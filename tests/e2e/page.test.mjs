// The built page in a real browser. Run by `cargo xtask test`, which builds the page and names the browser.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { LAUNCH } from "./browser.mjs";
import { EXAMPLE, example, golden } from "./golden.mjs";
import { NAMES } from "./module-cases.mjs";
import { serve } from "./serve.mjs";

const FOLDER = fileURLToPath(new URL("../../www/dist", import.meta.url));

let server;
let browser;
let context;
let page;
// Whatever goes wrong anywhere in the page fails the test in which it does.
let faults;

before(async () => {
  server = await serve(FOLDER, "/some/base/");
  browser = await chromium.launch(LAUNCH);
});

after(async () => {
  await browser?.close();
  server?.close();
});

beforeEach(async () => {
  faults = [];
  context = await browser.newContext();
  page = await context.newPage();
  page.on("console", (message) => message.type() === "error" && faults.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => faults.push(`page: ${error.message}`));
  context.on("request", (request) => {
    if (!request.url().startsWith(`${server.origin}/`)) {
      faults.push(`a request left the origin: ${request.url()}`);
    }
  });
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => console.error(`CSP: ${event.violatedDirective}`));
  });
  await page.goto(server.url);
  await page.locator("#main").waitFor();
});

afterEach(async () => {
  await context.close();
  assert.deepEqual(faults, []);
});

const text = (selector) => page.locator(selector).textContent();
const probabilityShown = async () => Number((await text("#detail")).match(/probability (\d\.\d{3})$/)[1]);

async function fill(data) {
  for (const [index, value] of data.split(",").entries()) {
    await page.locator(`#${NAMES[index]}`).fill(value);
  }
}

async function response() {
  const [head, body] = (await text("#response")).split("\n\n");
  return { status: Number(head.split("\n")[0]), head, body: JSON.parse(body), text: body };
}

test("the example gives XGBoost's probability", async () => {
  assert.equal(await text("#headline"), "Fill in Times pregnant, Diabetes pedigree, and Age to see a result.");
  await page.getByRole("button", { name: "Example" }).click();
  assert.equal(await text("#headline"), `About ${Math.round(example.probability * 100)} in 100`);
  assert.equal(await probabilityShown(), Number(example.probability.toFixed(3)));
  const { status, body, head } = await response();
  assert.equal(status, 200);
  assert.match(head, /content-type: application\/json/);
  assert.ok(Object.is(Math.fround(body.prediction), example.probability), body.prediction);
  assert.ok((await text("#request")).endsWith(`\n\n{"data":"${EXAMPLE}"}`));
  await page.getByRole("button", { name: "Clear" }).click();
  assert.match(await text("#headline"), /^Fill in /);
});

test("all 768 rows have XGBoost's bits, in every form", async () => {
  const results = await page.evaluate(
    async ({ rows, names }) => {
      const { predict, predictMany, shippedModel } = await import(new URL("wardian.js", document.baseURI));
      const { answer } = await import(new URL("rest.js", document.baseURI));
      const values = rows.map((row) => row.split(",").map(Number));
      const named = (row) => Object.fromEntries(row.map((value, index) => [names[index], value]));
      const columns = Object.fromEntries(names.map((name, index) => [name, values.map((row) => row[index])]));
      const rest = (data) => {
        const request = { method: "POST", path: "/katana-ml/api/v1.0/diabetes", contentType: "application/json", body: JSON.stringify({ data }) };
        return Math.fround(JSON.parse(answer(shippedModel(), request).body).prediction);
      };
      return {
        text: rows.map((row) => predict(row).prediction),
        body: rows.map((data) => predict({ data }).prediction),
        array: values.map((row) => predict(row).prediction),
        named: values.map((row) => predict(named(row)).prediction),
        rest: rows.map(rest),
        manyTexts: [...predictMany(rows)],
        many32: [...predictMany(new Float32Array(values.flat()))],
        many64: [...predictMany(new Float64Array(values.flat()))],
        manyColumns: [...predictMany(columns)],
      };
    },
    { rows: golden.map(({ data }) => data), names: NAMES },
  );
  for (const [form, predictions] of Object.entries(results)) {
    const different = golden.filter(({ probability }, index) => !Object.is(predictions[index], probability));
    assert.equal(predictions.length, 768, form);
    assert.equal(different.length, 0, form);
  }
});

test("twenty people typed into the form", async () => {
  for (const { data, probability } of golden.filter((_, index) => index % 40 === 7).slice(0, 20)) {
    await fill(data);
    assert.equal(await probabilityShown(), Number(probability.toFixed(3)), data);
    const { text: body } = await response();
    assert.ok(Object.is(Math.fround(JSON.parse(body).prediction), probability), data);
    const [low, high] = [probability < 0.25, probability > 0.75];
    assert.match(await text("#zone"), low ? /^Below/ : high ? /^Above/ : /^In the grey zone/);
  }
});

test("bad input is answered at its field and in the contract", async () => {
  await page.getByRole("button", { name: "Example" }).click();
  for (const [value, message, status] of [
    ["abc", '"abc" is not a number.', 400],
    ["7O", '"7O" is not a number.', 400],
    ["٧٠", '"٧٠" is not a number.', 400],
    ["inf", '"inf" is not a finite number.', 400],
    ["1e400", '"1e400" is not a finite number.', 400],
    ["1e39", "The value is beyond the range of a 32-bit float.", 400],
    ["34,2", "Write decimals with a point, not a comma.", 400],
    ["300", "300 is outside the range seen in training, 24 to 122.", 200],
  ]) {
    const input = page.locator("#blood_pressure");
    await input.fill(value);
    assert.equal(await text("#blood_pressure-message"), message);
    const answer = await response();
    assert.equal(answer.status, status, value);
    assert.equal(await input.getAttribute("aria-invalid"), String(status !== 200));
    if (status === 400) {
      assert.equal(await text("#headline"), "Please correct Blood pressure.");
      assert.match(answer.head, /content-type: application\/problem\+json/);
      assert.equal(answer.body.status, 400);
      if (value !== "34,2") {
        assert.equal(answer.body.field, "blood_pressure");
      }
    } else {
      assert.match(await text("#headline"), /^About /);
    }
  }
});

test("what is not measured may be left empty, what always was may not", async () => {
  await page.getByRole("button", { name: "Example" }).click();
  await page.locator("#serum_insulin").fill("");
  assert.match(await text("#notes"), /Not measured: Insulin\./);
  const direct = await page.evaluate(async () => {
    const { predict } = await import(new URL("wardian.js", document.baseURI));
    return predict("1,106,70,28,nan,34.2,0.142,22").prediction;
  });
  assert.ok(Object.is(Math.fround((await response()).body.prediction), direct));
  await page.locator("#age").fill("");
  assert.equal(await text("#headline"), "Fill in Age to see a result.");
});

test("the answer is spoken once, when typing pauses", async () => {
  await page.evaluate(() => {
    globalThis.spoken = [];
    new MutationObserver(() => globalThis.spoken.push(document.getElementById("announcement").textContent)).observe(
      document.getElementById("announcement"),
      { childList: true, characterData: true, subtree: true },
    );
  });
  await fill(EXAMPLE);
  await page.waitForFunction(() => globalThis.spoken.length > 0);
  await page.waitForTimeout(900);
  const spoken = await page.evaluate(() => globalThis.spoken);
  assert.equal(spoken.length, 1, JSON.stringify(spoken));
  assert.match(spoken[0], /^About \d+ in 100 would test positive/);
});

test("the keyboard alone is enough", async () => {
  await page.locator("body").press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.id), "example");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  for (const value of EXAMPLE.split(",")) {
    await page.keyboard.type(value);
    await page.keyboard.press("Tab");
  }
  assert.equal(await probabilityShown(), Number(example.probability.toFixed(3)));
});

test("no width scrolls sideways", async () => {
  await page.getByRole("button", { name: "Example" }).click();
  for (const width of [320, 390, 820, 1440, 3840]) {
    await page.setViewportSize({ width, height: 900 });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.equal(overflow, 0, `at ${width} pixels`);
  }
});

test("a page without its module says so", async () => {
  await context.route("**/engine_bg.wasm", (route) => route.fulfill({ status: 404 }));
  await page.reload();
  await page.locator("#failure").waitFor();
  assert.match(await text("#failure"), /^The model could not be started\./);
  assert.equal(await page.locator("#main").isVisible(), false);
  // The browser reports the missing file; that is this test's doing.
  faults = faults.filter((fault) => !/404|wasm/i.test(fault));
});
