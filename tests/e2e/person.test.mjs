// One person at the built page. Run by `cargo xtask test`, which builds the page and names the browser.
import assert from "node:assert/strict";
import { test } from "node:test";
import { golden } from "./golden.mjs";
import { NAMES } from "./module-cases.mjs";
import { hosted } from "./page.mjs";

const host = hosted();

test("all 768 rows have XGBoost's bits, in every form", async () => {
  const page = await host.open();
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

test("no width scrolls sideways, in any place", async () => {
  const page = await host.open();
  for (const tab of await page.getByRole("tab").all()) {
    await tab.click();
    for (const width of [320, 390, 820, 1440, 3840]) {
      await page.setViewportSize({ width, height: 900 });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.equal(overflow, 0, `${await tab.textContent()} at ${width} pixels`);
    }
  }
});

test("a page without its module says so", async () => {
  const context = await host.context();
  await context.route("**/engine_bg.wasm*", (route) => route.fulfill({ status: 404 }));
  host.forgive(/404|wasm/i);
  const page = await context.newPage();
  await page.goto(host.url);
  await page.locator("#failure").waitFor();
  assert.match(await page.locator("#failure").textContent(), /^The model could not be started\./);
  assert.equal(await page.locator("#main").count(), 0);
});
