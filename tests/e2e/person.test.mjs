// One person at the built page. Run by `cargo xtask test`, which builds the page and names the browser.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { EXAMPLE, example, golden } from "./golden.mjs";
import { NAMES } from "./module-cases.mjs";
import { fill, hosted } from "./page.mjs";

const host = hosted();
const text = (page, selector) => page.locator(selector).textContent();
const probabilityShown = async (page) => Number((await text(page, "#detail")).match(/probability (\d\.\d{3})/)[1]);
const headlineOf = (probability) => `About ${Math.round(probability * 100)} in 100`;

/** The page with the example in it. */
async function withExample(options) {
  const page = await host.open(options);
  await page.locator("#example").click();
  return page;
}

test("the example gives XGBoost's probability, both ways of saying it, and its interval", async () => {
  const page = await host.open();
  assert.equal(await text(page, "#headline"), "Fill in Times pregnant, Diabetes pedigree, and Age to see a result.");
  await page.locator("#example").click();
  const count = Math.round(example.probability * 100);
  assert.equal(await text(page, "#headline"), headlineOf(example.probability));
  assert.equal(await text(page, "#framing"), `Of 100 women in the study with values like these, ${count} would test positive for diabetes and ${100 - count} would not.`);
  assert.equal(await probabilityShown(page), Number(example.probability.toFixed(3)));
  assert.equal(await page.locator(".icons path").count(), 100);
  assert.equal(await page.locator(".icons .marked").count(), count);
  await page.locator("#interval").waitFor();
  const { interval } = await import("../../npm/model/card.js");
  const card = JSON.parse(await readFile(new URL("../../models/diabetes/card.page.json", import.meta.url), "utf8"));
  const { low, high } = interval(card, example.probability);
  assert.equal(await text(page, "#interval"), `90% interval ${Math.round(low * 100)}% to ${Math.round(high * 100)}%`);
  await page.locator("#clear").click();
  assert.match(await text(page, "#headline"), /^Fill in /);
});

test("twenty people typed into the form", async () => {
  const page = await host.open();
  for (const { data, probability } of golden.filter((_, index) => index % 40 === 7).slice(0, 20)) {
    await fill(page, NAMES, data);
    assert.equal(await probabilityShown(page), Number(probability.toFixed(3)), data);
    assert.equal(await text(page, "#headline"), headlineOf(probability), data);
    const [low, high] = [probability < 0.25, probability > 0.75];
    assert.match(await text(page, "#zone"), low ? /^Below/ : high ? /^Above/ : /^In the grey zone/);
  }
});

test("bad input is answered at its field, and nothing is made of it", async () => {
  const page = await withExample();
  for (const [value, message, isFault] of [
    ["abc", "“abc” is not a number.", true],
    ["7O", "“7O” is not a number.", true],
    ["٧٠", "“٧٠” is not a number.", true],
    ["<b>7</b>", "“<b>7</b>” is not a number.", true],
    ["inf", "“inf” is too large a number.", true],
    ["1e400", "“1e400” is too large a number.", true],
    ["1e39", "“1e39” is too large a number.", true],
    ["34,2", "A comma can be read in two ways: write decimals with a point, and nothing between thousands.", true],
    ["300", "Outside the range of the study, 24 to 122: the model has seen nobody like this.", false],
    ["0", "Zero stands for “not measured” here, in the study and for the model.", false],
    ["７０", "", false],
    [" 70 ", "", false],
  ]) {
    const input = page.locator("#input-blood_pressure");
    await input.fill(value);
    assert.equal(await text(page, "#input-blood_pressure-message"), message);
    assert.equal(await input.getAttribute("aria-invalid"), String(isFault));
    assert.match(await text(page, "#headline"), isFault ? /^Please correct Blood pressure\.$/ : /^About /);
  }
});

test("what is not measured may be left empty or ticked, what always was may not", async () => {
  const page = await withExample();
  const direct = (data) => page.evaluate(async (row) => (await import(new URL("wardian.js", document.baseURI))).predict(row).prediction, data);
  const withoutInsulin = Number((await direct("1,106,70,28,nan,34.2,0.142,22")).toFixed(3));
  await page.locator("#input-serum_insulin").fill("");
  assert.match(await text(page, "#notes"), /Not measured: Insulin\./);
  assert.equal(await probabilityShown(page), withoutInsulin);
  await page.locator("#input-serum_insulin").fill("135");
  await page.locator("#input-serum_insulin-absent").check();
  assert.equal(await probabilityShown(page), withoutInsulin);
  assert.equal(await page.locator("#input-serum_insulin").inputValue(), "135");
  await page.locator("#input-serum_insulin-absent").uncheck();
  assert.equal(await probabilityShown(page), Number(example.probability.toFixed(3)));
  for (const name of ["glucose", "blood_pressure", "skin_fold_thick"]) {
    await page.locator(`#input-${name}-absent`).check();
  }
  await page.locator("#interval").waitFor();
  assert.match(await text(page, "#notes"), /3 of 8 values are not measured; 95 % of the women of the study lacked at most 2\./);
  assert.equal(await page.locator("#input-age-absent").count(), 0);
  await page.locator("#input-age").fill("");
  assert.equal(await text(page, "#headline"), "Fill in Age to see a result.");
});

test("units are converted, the answer stays, and what was typed comes back", async () => {
  const page = await withExample();
  const before = await probabilityShown(page);
  for (const [name, unit, shown, own, typed] of [
    ["glucose", "mmol/L", "5.88", "mg/dL", "106"],
    ["serum_insulin", "pmol/L", "810", "µU/mL", "135"],
  ]) {
    await page.locator(`#input-${name}-unit`).selectOption(unit);
    assert.equal(await page.locator(`#input-${name}`).inputValue(), shown);
    assert.equal(await text(page, `#input-${name}-message`), `The model is given ${typed} ${own}.`);
    assert.equal(await probabilityShown(page), before);
    await page.locator(`#input-${name}-unit`).selectOption(own);
    assert.equal(await page.locator(`#input-${name}`).inputValue(), typed);
  }
  await page.locator("#input-glucose-unit").selectOption("mmol/L");
  await page.locator("#input-glucose").fill("8.3");
  assert.equal(await text(page, "#input-glucose-message"), "The model is given 150 mg/dL.");
  await page.locator("#input-glucose-unit").selectOption("mg/dL");
  assert.equal(await page.locator("#input-glucose").inputValue(), "150");
  await page.locator("#input-glucose-unit").selectOption("mmol/L");
  assert.equal(await page.locator("#input-glucose").inputValue(), "8.3");
});

test("a reload loses nothing, and clearing forgets everything", async () => {
  const page = await withExample();
  await page.locator("#input-glucose-unit").selectOption("mmol/L");
  await page.locator("#input-serum_insulin-absent").check();
  await page.locator("#input-age").fill("2x");
  await page.locator("#theme").selectOption("dark");
  await page.locator("#language").selectOption("zh");
  await page.waitForFunction(() => document.documentElement.lang === "zh-Hans");
  const held = () => page.evaluate(() => [...document.querySelectorAll(".form input, select")].map((each) => (each.type === "checkbox" ? each.checked : each.value)));
  const before = await held();
  await page.reload();
  await page.locator("#main").waitFor();
  assert.deepEqual(await held(), before);
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
  await page.locator("#clear").click();
  assert.equal(await page.evaluate(() => Object.keys(localStorage).length), 0);
  await page.reload();
  await page.locator("#main").waitFor();
  assert.equal(await page.locator("#input-glucose").inputValue(), "");
  assert.equal(await page.evaluate(() => `${document.documentElement.lang} ${document.documentElement.dataset.theme}`), "en undefined");
  assert.deepEqual(await page.context().cookies(), []);
});

test("what another version kept, or nobody, does not stop the page", async () => {
  for (const kept of ["{", "7", "null", '{"glucose":7}', '{"glucose":{"text":"1","unit":"stone"}}', '{"glucose":{"text":{},"unit":"mg/dL","typed":[]}}']) {
    const context = await host.context();
    const page = await context.newPage();
    await page.goto(host.url);
    await page.evaluate((value) => localStorage.setItem("wardian:entries", value), kept);
    await page.reload();
    await page.locator("#main").waitFor();
    assert.equal(await page.locator("#input-glucose").inputValue(), "", kept);
  }
});

test("a link brings its values, in its fragment alone, and a bad one changes nothing", async () => {
  const page = await withExample({ permissions: ["clipboard-read", "clipboard-write"] });
  await page.locator("#input-glucose-unit").selectOption("mmol/L");
  await page.locator("#input-serum_insulin-absent").check();
  await page.locator("#share").click();
  const link = await page.locator(".link").inputValue();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), link);
  assert.equal(link, `${host.url}#v=1&times_pregnant=1&glucose=5.88+mmol%2FL&blood_pressure=70&skin_fold_thick=28&mass_index=34.2&diabetes_pedigree=0.142&age=22`);
  const shown = await probabilityShown(page);
  const other = await host.open({ at: link.slice(host.url.length) });
  assert.equal(await probabilityShown(other), shown);
  assert.equal(await other.locator("#input-serum_insulin-absent").isChecked(), true);
  assert.equal(other.url(), host.url);
  assert.ok(host.requests.every((url) => !url.includes("glucose")));
  await other.reload();
  await other.locator("#main").waitFor();
  assert.equal(await probabilityShown(other), shown);
  for (const fragment of ["v=2&age=22", "v=1&age=1e9", "v=1&age=<script>", "v=1&__proto__=1", "v=1&age=22&age=23", "v=1&age=22+mmol%2FL", "v=1&height=3", `v=1&age=${"2".repeat(41)}`, `v=1&${"x".repeat(3000)}`, "v=1&v=1"]) {
    await other.evaluate((hash) => { location.hash = hash; }, fragment);
    await other.getByText("The link holds no values that can be read").waitFor();
    assert.equal(await probabilityShown(other), shown, fragment);
    assert.equal(other.url(), host.url, fragment);
    await other.reload();
    await other.locator("#main").waitFor();
  }
  await other.evaluate(() => { location.hash = "v=1&age=50&times_pregnant=2&diabetes_pedigree=.3"; });
  await other.getByRole("button", { name: "Back to my own" }).click();
  assert.equal(await probabilityShown(other), shown);
});

test("the answer is spoken once, when typing pauses", async () => {
  const page = await host.open();
  await page.waitForTimeout(900);
  await page.evaluate(() => {
    globalThis.spoken = [];
    new MutationObserver(() => globalThis.spoken.push(document.getElementById("announcement").textContent)).observe(
      document.getElementById("main"),
      { childList: true, characterData: true, subtree: true },
    );
  });
  await fill(page, NAMES, EXAMPLE);
  await page.waitForFunction(() => globalThis.spoken.at(-1)?.startsWith("About"));
  await page.waitForTimeout(900);
  const spoken = await page.evaluate(() => globalThis.spoken.filter((text, index, all) => text !== all[index - 1]));
  const answers = spoken.filter((text) => text.startsWith("About"));
  assert.equal(answers.length, 1, JSON.stringify(spoken));
  assert.match(answers[0], /^About \d+ in 100\. Of 100 women/);
});

test("the keyboard alone is enough", async () => {
  const page = await host.open();
  await page.locator("body").press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");
  await page.locator("#tab-person").focus();
  await page.keyboard.press("ArrowRight");
  assert.equal(await page.evaluate(() => document.activeElement.id), "tab-rows");
  await page.keyboard.press("Home");
  await page.locator("#input-times_pregnant").focus();
  const isOnInput = () => page.evaluate(() => document.activeElement.matches(".field .entry input"));
  for (const value of EXAMPLE.split(",")) {
    await page.keyboard.type(value);
    do {
      await page.keyboard.press("Tab");
    } while (!(await isOnInput()) && (await page.evaluate(() => document.activeElement.closest(".form") !== null)));
  }
  assert.equal(await probabilityShown(page), Number(example.probability.toFixed(3)));
  const slider = page.locator(".curve input[type=range]").nth(1);
  await slider.waitFor();
  await slider.focus();
  await page.keyboard.press("ArrowRight");
  assert.match(await slider.getAttribute("aria-valuetext"), /^If 107 mg\/dL: \d+ in 100$/);
});

test("why: the contributions lead from the mean of the study to the answer", async () => {
  const page = await withExample();
  await page.locator(".waterfall").waitFor();
  const why = await page.evaluate(async (row) => {
    const { explain, loadExplainer } = await import(new URL("explain.js", document.baseURI));
    await loadExplainer();
    return explain(row);
  }, EXAMPLE);
  const rows = await page.locator(".waterfall tbody tr").evaluateAll((all) => all.map((row) => [row.querySelector("th").textContent, row.querySelector(".effect").textContent]));
  const sorted = Object.entries(why.contributions).sort(([, one], [, other]) => Math.abs(other) - Math.abs(one));
  const [base, ...steps] = rows;
  assert.equal(base[1], `${Math.round(100 / (1 + Math.exp(-why.base)))} in 100`);
  assert.equal(steps.pop()[1], `${Math.round(why.prediction * 100)} in 100`);
  assert.equal(steps.length, 8);
  for (const [index, [, change]] of sorted.entries()) {
    const effect = steps[index][1];
    const factor = Math.exp(Math.abs(change));
    assert.ok(Math.abs(change) <= Math.log(1.02) ? effect === "same" : effect.startsWith(change > 0 ? "×" : "÷") && Math.abs(Number(effect.slice(2)) - factor) <= 0.05, `${steps[index]} for ${factor}`);
  }
  assert.match(await text(page, "#reasons .lead"), /^Glucose \(106 mg\/dL\) lowers the risk most\.$/);
});

test("without its module the explanation says so, and the answer stands", async () => {
  const context = await host.context();
  await context.route("**/explain_bg.wasm*", (route) => route.fulfill({ status: 404 }));
  host.forgive(/404|integrity/);
  const page = await context.newPage();
  await page.goto(host.url);
  await page.locator("#example").click();
  await page.getByText("The explanation could not be loaded").waitFor();
  assert.equal(await probabilityShown(page), Number(example.probability.toFixed(3)));
});

test("what if: every step of every curve is what the model says there", async () => {
  const page = await withExample();
  await page.locator(".curve").first().waitFor();
  for (const details of await page.locator(".curve summary").all()) {
    await details.click();
  }
  const tables = await page.locator(".curve").evaluateAll((all) =>
    all.map((curve) => [...curve.querySelectorAll("tbody tr")].map((row) => [...row.cells].map((cell) => cell.textContent))));
  const values = EXAMPLE.split(",").map(Number);
  assert.equal(tables.length, 8);
  for (const [index, rows] of tables.entries()) {
    const ends = rows.map(([span]) => span.replaceAll(/ ?(mg\/dL|mm Hg|mm|µU\/mL|kg\/m²|years)/g, "").split(" to ").map(Number));
    const asked = ends.flatMap(([from, to]) => [from, to ?? from]).map((value) => values.map((each, place) => (place === index ? value : each)));
    const answers = await page.evaluate(async (some) => [...(await import(new URL("wardian.js", document.baseURI))).predictMany(some)], asked);
    for (const [place, answer] of answers.entries()) {
      assert.equal(rows[Math.floor(place / 2)][1], `${Math.round(answer * 100)} in 100`, `${NAMES[index]} ${asked[place]}`);
    }
  }
});

test("Spanish takes its decimal comma, and writes it", async () => {
  const page = await withExample({ locale: "es-ES" });
  assert.equal(await page.locator("#input-mass_index").inputValue(), "34,2");
  assert.match(await text(page, "#detail"), /^probabilidad 0,105/);
  await page.locator("#input-mass_index").fill("34.2");
  assert.match(await text(page, "#detail"), /^probabilidad 0,105/);
  await page.locator("#input-mass_index").fill("1.034,2");
  assert.equal(await page.locator("#input-mass_index").getAttribute("aria-invalid"), "true");
});

test("printed, it is one A4 page with everything on it, in every language", async () => {
  for (const locale of ["en-GB", "zh-CN", "es-ES"]) {
    const page = await withExample({ locale });
    for (const name of ["blood_pressure", "skin_fold_thick", "serum_insulin"]) {
      await page.locator(`#input-${name}-absent`).check();
    }
    await page.locator("#input-glucose-unit").selectOption("mmol/L");
    await page.locator("#input-age").fill("95");
    await Promise.all(["#interval", ".waterfall", "#print"].map((part) => page.locator(part).waitFor()));
    const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
    assert.equal(pdf.toString("latin1").match(/\/Type ?\/Page\b/g).length, 1, locale);
    await page.emulateMedia({ media: "print" });
    assert.ok(await page.locator(".field.absent .absence").first().isVisible());
    for (const part of ["#input-glucose", "#headline", "#interval", ".icons", ".waterfall", ".paper", "#day"]) {
      assert.ok(await page.locator(part).isVisible(), `${locale}: ${part}`);
    }
    const paper = await text(page, ".paper");
    assert.match(paper, /SHA-256 [0-9a-f]{64}/);
    assert.ok(paper.includes(String(new Date().getFullYear())), paper);
    await page.context().close();
  }
});

test("written from right to left, or with large letters, nothing overflows", async () => {
  const page = await withExample();
  await page.locator(".curve").first().waitFor();
  await page.evaluate(() => { document.documentElement.dir = "rtl"; });
  const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  for (const tab of await page.getByRole("tab").all()) {
    await tab.click();
    for (const width of [320, 820, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      assert.equal(await overflow(), 0, `${await tab.textContent()} at ${width} pixels`);
    }
  }
  await page.evaluate(() => { document.documentElement.dir = "ltr"; document.documentElement.style.setProperty("font-size", "200%"); });
  for (const tab of await page.getByRole("tab").all()) {
    await tab.click();
    for (const width of [640, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      assert.equal(await overflow(), 0, `${await tab.textContent()} at ${width} pixels, twice as large`);
    }
  }
});

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
        return Math.fround(JSON.parse(answer(shippedModel(), request, { path: request.path, description: "" }).body).prediction);
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
  const page = await withExample();
  await page.locator(".curve").first().waitFor();
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
