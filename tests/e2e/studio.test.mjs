// The studio: a model becomes a page in a browser, and what it makes is what `wardian seal` makes.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { FOLDER, hosted } from "./page.mjs";
import { differing, folder, give, openModel, root, take, together, unpacked } from "./studio.mjs";

const host = hosted();
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const models = path.join(root, "models");
const PETAL = path.join(models, "petal/petal.lightgbm.txt");
const PIMA = path.join(models, "diabetes/pima-indians-diabetes.csv");
const studio = (options) => host.open({ at: "studio/index.html", acceptDownloads: true, ...options });
const text = (page, id) => page.locator(`#${id}`).textContent();
const file = (name, content) => ({ name, mimeType: "application/octet-stream", buffer: Buffer.from(content) });

describe("its products are those of the command line", () => {
  test("a model alone, and with rows, a label, and words", async () => {
    const page = await studio();
    await openModel(page, path.join(models, "diabetes/diabetes.ubj"));
    assert.deepEqual(await differing(page), []);
    await give(page, "data-file", PIMA);
    await page.locator("#label").selectOption("diabetes");
    await page.locator("#said-title").fill("Risk & <b>more</b>");
    await page.locator("#said-accent").fill("#8a1c4a");
    await page.locator("#feature-1 summary").click();
    await page.locator("#feature-1-label").fill("Glucose 😀");
    await page.locator("#feature-1-unit").fill("mg/dL");
    await page.locator("#feature-1-codes").fill("0");
    await page.locator("#said-notice").fill("Not a doctor.");
    await page.waitForTimeout(300);
    await together(page);
    assert.match(await text(page, "data-told"), /^768 rows/);
    assert.deepEqual(await differing(page, ["--data", PIMA, "--label", "diabetes"]), []);
    const preview = page.frameLocator("#preview");
    await preview.locator("h1", { hasText: "Risk & <b>more</b>" }).waitFor();
    await preview.locator("button", { hasText: "Example" }).click();
    await preview.locator("#result #headline").first().waitFor();
  });

  test("rows that were held out wait for their label, and tell how sure and how good", async () => {
    const page = await studio();
    await openModel(page, path.join(models, "diabetes/diabetes.ubj"));
    await give(page, "heldOut-file", PIMA);
    await page.locator("#heldOut-label").waitFor();
    await page.locator("#label").selectOption("diabetes");
    await page.locator("#heldOut-told", { hasText: "768 rows" }).waitFor();
    assert.match(await text(page, "figure-auc"), /^0\.8\d+$/);
    await together(page);
    const preview = page.frameLocator("#preview");
    await preview.locator("button", { hasText: "Example" }).click();
    await preview.locator("#sure").waitFor();
    assert.deepEqual(await differing(page, ["--held-out", PIMA, "--label", "diabetes"]), []);
    await page.locator("#group").selectOption("times_pregnant");
    await page.locator("#snippet-command", { hasText: "--group times_pregnant" }).waitFor();
    await page.waitForTimeout(300);
    await together(page);
    assert.deepEqual(await differing(page, ["--held-out", PIMA, "--label", "diabetes", "--group", "times_pregnant"]), []);
    await page.locator("#label").selectOption("");
    await page.locator("#heldOut-told").waitFor({ state: "detached" });
    assert.equal(await page.locator("#words-fault").count(), 0);
    await page.locator("#label").selectOption("diabetes");
    await page.locator("#heldOut-told").waitFor();
    await give(page, "heldOut-file", file("unlabelled.csv", "glucose\n1\n"));
    await page.locator("#heldOut-doubts").waitFor();
    await page.locator("#heldOut-remove").click();
    // What cannot be found any more can be taken back.
    await page.locator("#label").selectOption("");
    await together(page);
  });

  test("the trainer's answers are compared, and the first that differs is named", async () => {
    const page = await studio();
    await openModel(page, PETAL);
    const rows = readFileSync(path.join(models, "petal/golden.csv"), "utf8").trim().split("\n").map((line) => line.split(","));
    const data = path.join(folder, "data.csv");
    const answers = path.join(folder, "answers.csv");
    writeFileSync(data, rows.map((row) => row.slice(0, 4).join()).join("\n"));
    writeFileSync(answers, rows.map((row) => row[4]).join("\n"));
    await give(page, "data-file", data);
    await give(page, "predictions-file", answers);
    await page.locator("#predictions-told").waitFor();
    assert.match(await text(page, "predictions-told"), /^180 of 180 answers identical to LightGBM/);
    await together(page);
    assert.deepEqual(await differing(page, ["--data", data, "--predictions", answers]), []);
    const wrong = rows.map((row) => row[4]).with(7, "1.25");
    await give(page, "predictions-file", file("wrong.csv", wrong.join("\n")));
    await page.locator("#predictions-fault").waitFor();
    assert.match(await text(page, "predictions-fault"), /row 7: the trainer’s answer is 1\.25, ours 1\.\d+: a difference of -?0\.\d+; 1 of 180 rows differ/);
    assert.ok(await page.locator("#take-single").isDisabled());
    await page.locator("#predictions-remove").click();
    await together(page);
  });
});

test("an example is a page within a second, and the file that is taken away opens from a disk", async () => {
  const page = await studio();
  for (const name of ["diabetes", "petal", "wine"]) {
    await page.locator(`#example-${name}`).click();
    await page.frameLocator("#preview").locator("#main").waitFor();
    await together(page);
    const { bytes } = await take(page, "single");
    const saved = path.join(folder, `${name}.html`);
    writeFileSync(saved, bytes);
    const disk = await host.browser.newContext();
    const other = await disk.newPage();
    await other.goto(`file://${saved}`);
    await other.locator("#main").waitFor();
    await disk.close();
    await page.locator("#reset").click();
    await page.locator("#reset-yes").click();
  }
});

describe("training", () => {
  const open = async (page, rows) => {
    await page.locator("#train").click();
    await give(page, "train-file", rows);
    await page.locator("#train-start, #train-fault").first().waitFor();
  };

  test("a model is trained of a table, after its worth is told: the one that `wardian train` makes", async () => {
    const page = await studio();
    await open(page, PIMA);
    assert.equal(await page.locator("#train-label").inputValue(), "diabetes");
    await page.locator("#train-trees").fill("40");
    await page.locator("#train-start").click();
    await page.locator("#worth-auc").waitFor();
    assert.match(await text(page, "worth-auc"), /^0\.8\d+$/);
    await page.locator("#train-use").click();
    await together(page);
    assert.match(await text(page, "data-told"), /^768 rows/);
    const trained = unpacked(await take(page, "case"), "pima-indians-diabetes");
    const native = path.join(folder, "native.wardian");
    execFileSync(process.env.WARDIAN_COMMAND, ["train", PIMA, "--label", "diabetes", "--trees", "40", "-o", native], { stdio: "pipe" });
    assert.ok(readFileSync(path.join(trained, "pima-indians-diabetes.wardian")).equals(readFileSync(native)));
    assert.deepEqual(await differing(page, ["--data", PIMA, "--label", "diabetes"]), []);
  });

  test("a number is predicted, training is stopped and started again, and columns that tell nothing are left out", async () => {
    const page = await studio();
    const lines = Array.from({ length: 3000 }, (_, row) => [row, row % 7, (row * 37) % 101, "same", row % 3 ? "<b>a</b>" : "b", ((row * 37) % 101) / 10 + (row % 7)].join());
    await open(page, file("numbers.csv", ["id,week,tie,one,<i>text</i>,y", ...lines].join("\n")));
    await page.locator("td", { hasText: /^counts the rows$/ }).waitFor();
    await page.locator("td", { hasText: /one value in every row/ }).waitFor();
    await page.locator("#train-label").selectOption("y");
    await page.locator("#train-trees").fill("2000");
    await page.locator("#train-start").click();
    await page.locator("#train-cancel").click();
    await page.locator("#train-start:not([disabled])").waitFor();
    await page.locator("#train-trees").fill("20");
    await page.locator("#train-start").click();
    await page.locator("#worth-rmse").waitFor();
    await page.locator("#train-use").click();
    await together(page);
    assert.equal(await text(page, "fact-kind"), "a number");
  });

  test("what cannot be trained on is refused with its reason", async () => {
    const page = await studio();
    await open(page, file("same.csv", "a,y\n1,1\n2,1\n3,1\n4,1\n"));
    await page.locator("#train-label").selectOption("a");
    await page.locator("#train-start").click();
    await page.locator("#train-fault").waitFor();
    await give(page, "train-file", file("texts.csv", "a,b\nx,p\ny,q\nz,r\n"));
    await page.locator("#train-no-label").waitFor();
    await give(page, "train-file", file("empty.csv", ""));
    await page.locator("#train-fault", { hasText: "empty.csv" }).waitFor();
    await page.locator("#train-close").click();
    await page.locator("#train").waitFor();
  });
});

test("steps are taken back, and nothing is lost when the page is loaded again", async () => {
  const page = await studio();
  await page.locator("#example-petal").click();
  await together(page);
  const title = page.locator("#said-title");
  const first = await title.inputValue();
  await title.fill("Leaves");
  await page.locator("#feature-0 summary").click();
  await page.locator("#feature-0-help").fill("Of the sepal.");
  await together(page);
  await page.locator("#undo").click();
  assert.notEqual(await page.locator("#feature-0-help").inputValue(), "Of the sepal.");
  await page.locator("#undo").click();
  assert.equal(await title.inputValue(), first);
  await page.locator("#redo").click();
  assert.equal(await title.inputValue(), "Leaves");
  await page.waitForTimeout(400);
  await together(page);
  await page.reload();
  await together(page);
  assert.equal(await title.inputValue(), "Leaves");
  assert.match(await text(page, "data-told"), /^180 rows/);
  await page.locator("#reset").click();
  await page.locator("#reset-yes").click();
  await page.locator("#example-petal").waitFor();
  await page.reload();
  await page.locator("#example-petal").waitFor();
  assert.equal(await page.locator("#said-title").count(), 0);
});

test("case.json is there to be edited, and what is wrong with it is said", async () => {
  const page = await studio();
  await page.locator("#example-petal").click();
  await together(page);
  await page.locator(".json summary").click();
  const json = page.locator("#json");
  await json.fill('{"titel": "x"}');
  await page.locator("#json-take").click();
  await page.locator("#json-fault").waitFor();
  assert.match(await text(page, "json-fault"), /there is no member "titel"; is "title" meant\?/);
  for (const wrong of ['{"title": 3, "features": {"a": 1}}', '{"features": [{"name": "sepal_length", "range": 3, "missing_codes": {}}]}', "[]", "null"]) {
    await json.fill(wrong);
    await page.locator("#json-take").click();
    await page.waitForTimeout(200);
    assert.equal(await page.locator("#json-fault").count(), 1, wrong);
    // What was said before is still said.
    assert.equal(await page.locator("#words-fault").count(), 0, wrong);
  }
  await json.fill('{"title": ');
  await page.locator("#json-take").click();
  await page.locator("#json-fault").waitFor();
  await json.fill('{"title": "Zones", "zones": [{"to": 3, "text": "short"}, {"text": "long"}]}');
  await page.locator("#json-take").click();
  await page.frameLocator("#preview").locator("h1", { hasText: "Zones" }).waitFor();
  assert.equal(await page.locator("#said-title").inputValue(), "Zones");
});

/** Files that are no model, and what is said of them. */
const NO_MODELS = {
  "no model at all": [file("x.bin", "hello"), /none of the models that are read/],
  "an empty file": [file("x.ubj", ""), /is empty/],
  "a table": [PIMA, /table of rows, and no model/],
  "a pickle that would run something": [file("x.pkl", "cposix\nsystem\n(S'touch /tmp/x'\ntR."), /posix\.system|not read/],
  "half a model": [{ ...file("half.ubj", ""), buffer: readFileSync(path.join(models, "diabetes/diabetes.ubj")).subarray(0, 70_000) }, /half\.ubj/],
};

test("what is no model is refused with its reason, and the model that was there stays", async () => {
  const page = await studio();
  for (const [given, said] of Object.values(NO_MODELS)) {
    await give(page, "model-file", given);
    await page.locator("#model-fault", { hasText: typeof given === "string" ? path.basename(given) : given.name }).waitFor();
    assert.match(await text(page, "model-fault"), said);
  }
  await openModel(page, PETAL);
  await page.locator("#said-title").fill("Kept");
  await give(page, "data-file", path.join(models, "petal/golden.csv"));
  await page.locator("#data-told").waitFor();
  await together(page);
  // A model that was trained anew is of the same inputs: what was said and given stays.
  await give(page, "model-file", { ...file("again.txt", ""), buffer: readFileSync(PETAL) });
  await page.locator("#model-name", { hasText: "again.txt" }).waitFor();
  await page.locator("#data-told").waitFor();
  await together(page);
  assert.equal(await page.locator("#said-title").inputValue(), "Kept");
  await openModel(page, path.join(models, "diabetes/diabetes.ubj"));
  assert.equal(await page.locator("#said-title").inputValue(), "");
  await openModel(page, PETAL);
  await give(page, "model-file", NO_MODELS["an empty file"][0]);
  await page.locator("#model-fault").waitFor();
  assert.equal(await text(page, "model-name"), "petal.lightgbm.txt");
  await take(page, "single");
});

test("rows that do not fit are refused with their reason", async () => {
  const page = await studio();
  await openModel(page, PETAL);
  await give(page, "data-file", file("other.csv", "a,b\n1,2\n"));
  await page.locator("#data-doubts", { hasText: "No column is called sepal_length" }).waitFor();
  assert.equal(await page.locator("#take-why").count(), 1);
  await give(page, "data-file", file("empty.csv", ""));
  await page.locator("#data-fault", { hasText: "empty.csv" }).waitFor();
  await page.locator("#data-remove").click();
  await together(page);
});

test("texts are shown and never run, whatever a model calls its inputs", async () => {
  const page = await studio();
  const hostile = '"><img src=x onerror="document.title=1"><script>document.title=2</script>';
  const model = JSON.parse(readFileSync(path.join(root, "tests/golden/classes.json"), "utf8"));
  model.learner.feature_names = ["__proto__", hostile, "constructor", "עברית"];
  await openModel(page, file("<b>.json", JSON.stringify(model)));
  await page.locator("#feature-0 summary").click();
  await page.locator("#feature-0-label").fill(hostile);
  await page.locator("#said-title").fill(hostile);
  await page.waitForTimeout(300);
  await together(page);
  await page.frameLocator("#preview").locator("h1", { hasText: hostile }).waitFor();
  await page.frameLocator("#preview").getByText(hostile).first().waitFor();
  assert.match(await page.title(), /^Wardian studio/);
  await take(page, "package");
});

test("where the browser keeps nothing it is said", async () => {
  const context = await host.context();
  await context.addInitScript(() => {
    IDBFactory.prototype.open = () => { throw new DOMException("denied", "SecurityError"); };
  });
  const page = await context.newPage();
  await page.goto(`${host.url}studio/index.html`);
  await page.locator("#example-petal").click();
  await together(page);
  await page.locator("#kept", { hasText: "keeps nothing" }).waitFor();
});

test("an old browser is told what it lacks", async () => {
  const context = await host.context();
  await context.addInitScript(() => { delete globalThis.DecompressionStream; });
  const page = await context.newPage();
  await page.goto(`${host.url}studio/index.html`);
  await page.locator("#lacking", { hasText: "DecompressionStream" }).waitFor();
});

test("it works offline, and as one file from a disk", async () => {
  const page = await studio();
  await page.locator('#offline[data-state="ready"]').waitFor();
  await page.context().setOffline(true);
  await page.reload();
  await page.locator("#example-petal").click();
  await together(page);
  const online = await take(page, "package");
  const disk = await host.browser.newContext();
  const single = await disk.newPage();
  await single.goto(`file://${path.join(FOLDER, "studio/studio.html")}`);
  await single.locator("#example-petal").click();
  await together(single);
  await single.frameLocator("#preview").locator("#main").waitFor();
  assert.ok((await take(single, "package")).bytes.equals(online.bytes));
  await single.locator("#data-remove").click();
  await give(single, "data-file", file("rows.xlsx", "PK\u0003\u0004"));
  await single.locator("#data-fault").waitFor();
  await disk.close();
});

test("by the keyboard alone", async () => {
  const page = await studio();
  const press = async (until) => {
    for (let count = 0; count < 80; count += 1) {
      await page.keyboard.press("Tab");
      if (await page.evaluate((id) => document.activeElement.id === id, until)) {
        return;
      }
    }
    assert.fail(`Tab never comes to ${until}`);
  };
  await press("example-petal");
  await page.keyboard.press("Enter");
  await together(page);
  await press("said-title");
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type("By hand");
  await page.frameLocator("#preview").locator("h1", { hasText: "By hand" }).waitFor();
  await together(page);
  await page.locator("#label").focus();
  await page.keyboard.press("ControlOrMeta+z");
  assert.notEqual(await page.locator("#said-title").inputValue(), "By hand");
  await page.keyboard.press("ControlOrMeta+y");
  await together(page);
  await page.locator("#take-single").focus();
  const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
  assert.equal(download.suggestedFilename(), "petal.html");
});

describe("axe", () => {
  async function violations(page) {
    // The preview is a page of its own, which has its own tests.
    const { violations: found, passes } = await page.evaluate(() => globalThis.axe.run({ exclude: ["iframe"] }, { resultTypes: ["violations"], iframes: false }));
    assert.ok(passes.length > 12, `${passes.length} rules passed`);
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).slice(0, 3).join("; ")}`);
  }
  const STATES = {
    empty: async () => {},
    training: async (page) => {
      await page.locator("#train").click();
      await give(page, "train-file", PIMA);
      await page.locator("#train-trees").fill("5");
      await page.locator("#train-start").click();
      await page.locator("#worth-auc").waitFor();
    },
    refused: async (page) => {
      await give(page, "model-file", file("x.bin", "hello"));
      await page.locator("#model-fault").waitFor();
    },
    open: async (page) => {
      await page.locator("#example-wine").click();
      await together(page);
    },
    edited: async (page) => {
      await page.locator("#feature-0 summary").click();
      await page.locator(".json summary").click();
      await page.locator("#reset").click();
    },
    wrong: async (page) => {
      await page.locator("#said-name").fill("Not A Name!");
      await page.locator("#words-fault").waitFor();
      await page.locator("#preview-desk").click();
    },
  };
  for (const [locale, colorScheme, width] of [["en-GB", "light", 1440], ["zh-CN", "dark", 390], ["es-ES", "light", 820], ["en-GB", "dark", 820], ["es-ES", "dark", 390], ["zh-CN", "light", 1440]]) {
    test(`no violation, and nothing wider than the window: ${locale}, ${colorScheme}, ${width} pixels`, async () => {
      const page = await studio({ locale, colorScheme, viewport: { width, height: 900 }, reducedMotion: "reduce" });
      await page.evaluate(axe);
      for (const [state, enter] of Object.entries(STATES)) {
        await enter(page);
        assert.deepEqual(await violations(page), [], state);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${state} is wider than the window`);
      }
    });
  }
});

test("what every visitor downloads is small", () => {
  const { first } = JSON.parse(readFileSync(path.join(root, "target/studio.json"), "utf8"));
  const bytes = first.map((name) => gzipSync(readFileSync(path.join(FOLDER, "studio", name)), { level: 9 }).length).reduce((sum, size) => sum + size);
  assert.ok(bytes <= 40_000, `${bytes} bytes`);
});
