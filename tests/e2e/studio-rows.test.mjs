// The studio's rows: sheets, columns of other names, labels of texts, faults at their places, drops, tabs; and tables that are trained on.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { describe, test } from "node:test";
import { FOLDER, hosted } from "./page.mjs";
import { differing, folder, give, openModel, root, together } from "./studio.mjs";

const host = hosted();
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const models = path.join(root, "models");
const DIABETES = path.join(models, "diabetes/diabetes.ubj");
const PETAL = path.join(models, "petal/petal.lightgbm.txt");
const PIMA = path.join(models, "diabetes/pima-indians-diabetes.csv");
const SEVERAL = path.join(root, "tests/cases/workbooks/several.xlsx");
const studio = (options) => host.open({ at: "studio/index.html", acceptDownloads: true, ...options });
const text = (page, id) => page.locator(`#${id}`).textContent();
const file = (name, content) => ({ name, mimeType: "application/octet-stream", buffer: Buffer.from(content) });
const saved = (name, content) => {
  const place = path.join(folder, name);
  writeFileSync(place, content);
  return place;
};

describe("rows that are not as the model calls them", () => {
  test("a sheet is chosen, and products are those of --sheet", async () => {
    const page = await studio();
    await openModel(page, DIABETES);
    await give(page, "data-file", SEVERAL);
    await page.locator("#data-sheet").waitFor();
    assert.deepEqual(await page.locator("#data-sheet option").allTextContents(), ["Choose a sheet", "Notes", "Rows"]);
    assert.equal(await page.locator("#data-fault").count(), 0);
    await page.locator("#data-sheet").selectOption("Rows");
    await page.locator("#data-told").waitFor();
    await together(page);
    assert.match(await text(page, "snippet-command"), /--sheet Rows/);
    assert.deepEqual(await differing(page, ["--data", SEVERAL, "--sheet", "Rows"]), []);
    // What was chosen is kept with the file, and may be chosen otherwise.
    await page.reload();
    await page.locator("#data-told").waitFor();
    assert.equal(await page.locator("#data-sheet").inputValue(), "Rows");
    await page.locator("#data-sheet").selectOption("Notes");
    await page.locator("#data-doubts, #data-fault").first().waitFor();
  });

  test("columns of other names are matched, and products are those of --column", async () => {
    const page = await studio();
    await openModel(page, DIABETES);
    const rows = readFileSync(PIMA, "utf8").replace("glucose", "glucse (fasting)").replace("blood_pressure", "second");
    const renamed = saved("renamed.csv", rows);
    await give(page, "data-file", renamed);
    await page.locator("#data-match").waitFor();
    assert.match(await text(page, "data-doubts"), /^No column is called .*blood_pressure/);
    assert.equal(await page.locator("#data-fault").count(), 0);
    const own = page.locator("#data-match select");
    assert.equal(await own.count(), 2);
    // What is like a name is proposed; what is not, is not.
    const chosen = page.getByLabel("blood_pressure");
    assert.equal(await chosen.inputValue(), "");
    assert.equal(await page.getByLabel("glucose").first().locator("option:checked").textContent(), "glucse (fasting)");
    await chosen.selectOption({ label: "second" });
    await page.locator("#data-match-take").click();
    await page.locator("#data-told").waitFor();
    await together(page);
    assert.match(await text(page, "data-matched"), /blood_pressure = second/);
    assert.match(await text(page, "snippet-command"), /--column blood_pressure=second/);
    const columns = ["--column", "glucose=glucse (fasting)", "--column", "blood_pressure=second"];
    assert.deepEqual(await differing(page, ["--data", renamed, ...columns]), []);
    await page.locator("#data-match-forget").click();
    await page.locator("#data-match").waitFor();
  });

  test("labels of two texts wait for the positive one, and products are those of --positive", async () => {
    const page = await studio();
    await openModel(page, DIABETES);
    const [header, ...lines] = readFileSync(PIMA, "utf8").trim().split("\n");
    const worded = saved("worded.csv", [header, ...lines.map((line) => line.replace(/,1\s*$/, ",sick").replace(/,0\s*$/, ",well"))].join("\n"));
    await give(page, "heldOut-file", worded);
    await page.locator("#label").selectOption("diabetes");
    await page.locator("#positive").waitFor();
    assert.match(await text(page, "heldOut-fault"), /^worded\.csv: row 1: the label “?sick”? is neither 0 nor 1.*positive/);
    assert.deepEqual(await page.locator("#positive option").allTextContents(), ["say which", "sick", "well"]);
    await page.locator("#positive").selectOption("sick");
    await page.locator("#heldOut-told", { hasText: "768 rows" }).waitFor();
    await together(page);
    const auc = await text(page, "figure-auc");
    assert.deepEqual(await differing(page, ["--held-out", worded, "--label", "diabetes", "--positive", "sick"]), []);
    await page.locator("#positive").selectOption("well");
    await page.locator("#figure-auc", { hasText: (1 - auc).toFixed(4) }).waitFor();
    await page.locator("#undo").click();
    await page.locator("#figure-auc", { hasText: auc }).waitFor();
    await page.waitForTimeout(400);
    await page.reload();
    await page.locator("#figure-auc", { hasText: auc }).waitFor();
    assert.equal(await page.locator("#positive").inputValue(), "sick");
    // Rows of the training data have such labels as well.
    await page.locator("#heldOut-remove").click();
    await give(page, "data-file", worded);
    await page.locator("#data-told").waitFor();
    await together(page);
    await page.locator("#positive").selectOption("");
    await page.locator("#data-fault", { hasText: "worded.csv" }).waitFor();
    assert.deepEqual(await page.locator("#positive option").allTextContents(), ["say which", "sick", "well"]);
  });

  test("a model that is dropped as rows is told so, in rows and in training", async () => {
    const page = await studio();
    await page.locator("#train").click();
    for (const model of [DIABETES, PETAL]) {
      await give(page, "train-file", model);
      await page.locator("#train-fault", { hasText: `${path.basename(model)}: this is a model’s file` }).waitFor();
    }
    await page.locator("#train-close").click();
    await openModel(page, PETAL);
    for (const which of ["data", "heldOut"]) {
      await give(page, `${which}-file`, DIABETES);
      await page.locator(`#${which}-fault`, { hasText: "diabetes.ubj: this is a model’s file" }).waitFor();
    }
    await give(page, "data-file", path.join(root, "tests/golden/classes.json"));
    await page.locator("#data-fault", { hasText: "classes.json: this is a model’s file" }).waitFor();
  });
});

test("each fault of the words is told at its own field, in the reader's language", async () => {
  for (const [locale, version, range] of [["en-GB", /three numbers/, /larger than/], ["zh-CN", /三个数字/, /最小值大于最大值/], ["es-ES", /tres números/, /mayor que el máximo/]]) {
    const page = await studio({ locale });
    await openModel(page, DIABETES);
    await page.locator("#said-name").fill("Not A Name!");
    await page.locator("#said-version").fill("one");
    await page.locator("#feature-1 summary").click();
    await page.locator("#feature-1-low").fill("9");
    await page.locator("#feature-1-high").fill("3");
    await page.locator("#words-fault", { hasText: "3" }).waitFor();
    for (const [field, said] of [["said-name", /@clinic\/risk/], ["said-version", version], ["feature-1-low", range], ["feature-1-high", range]]) {
      const input = page.locator(`#${field}`);
      assert.equal(await input.getAttribute("aria-invalid"), "true", field);
      const ids = (await input.getAttribute("aria-describedby")).split(" ");
      assert.match(await page.locator(`[id="${ids.at(-1)}"]`).textContent(), said, field);
    }
    await page.locator("#said-name").fill("");
    await page.locator("#said-version").fill("");
    await page.locator("#feature-1-high").fill("30");
    await together(page);
    assert.equal(await page.locator("[aria-invalid='true']").count(), 0);
  }
});

test("what is wrong with files is said in the reader's language", async () => {
  for (const [locale, model, column, row] of [["zh-CN", /不是可读取的模型/, /没有名为 .*glucose.* 的列/, /第 2 行.*既不是 0/], ["es-ES", /ninguno de los modelos/, /Ninguna columna se llama .*glucose/, /fila 2: la etiqueta .* no es 0 ni 1/]]) {
    const page = await studio({ locale });
    await give(page, "model-file", file("x.bin", "hello"));
    await page.locator("#model-fault").waitFor();
    assert.match(await text(page, "model-fault"), model);
    await openModel(page, DIABETES);
    await give(page, "data-file", file("one.csv", "age,sex\n1,2\n"));
    await page.locator("#data-doubts").waitFor();
    assert.match(await text(page, "data-doubts"), column);
    await page.locator("#data-remove").click();
    const lines = readFileSync(PIMA, "utf8").trim().split("\n");
    await give(page, "heldOut-file", file("wrong.csv", lines.with(2, lines[2].replace(/,\d\s*$/, ",7")).join("\n")));
    await page.locator("#label").selectOption("diabetes");
    await page.locator("#heldOut-fault").waitFor();
    assert.match(await text(page, "heldOut-fault"), row);
  }
});

/** Drops a file on an element, or beside all. */
const dropOn = (page, target, { name, buffer }) =>
  page.locator(target).evaluate((element, { called, bytes }) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([new Uint8Array(bytes)], called));
    const events = ["dragover", "drop"].map((type) => new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
    return events.map((event) => {
      element.dispatchEvent(event);
      return [event.defaultPrevented, document.documentElement.classList.contains("dragging")];
    });
  }, { called: name, bytes: [...buffer] });

test("a file that is dropped beside the boxes never takes the page's place", async () => {
  const page = await studio();
  // One box: it is the model's.
  const petal = { ...file("petal.txt", ""), buffer: readFileSync(PETAL) };
  assert.deepEqual(await dropOn(page, "h1", petal), [[true, true], [true, false]]);
  await together(page);
  assert.equal(await text(page, "model-name"), "petal.txt");
  assert.deepEqual(await dropOn(page, "h1", file("x.csv", "a\n1\n")), [[true, true], [true, false]]);
  await page.locator("#drop-beside", { hasText: "beside the boxes" }).waitFor();
  assert.equal(await text(page, "model-name"), "petal.txt");
  await dropOn(page, "#drop-data h3", { ...file("golden.csv", ""), buffer: readFileSync(path.join(models, "petal/golden.csv")) });
  await page.locator("#data-told").waitFor();
  assert.equal(await text(page, "drop-beside"), "");
});

test("two tabs keep their work apart, and nothing is lost", async () => {
  const context = await host.context();
  const at = `${host.url}studio/index.html`;
  const opened = async () => {
    const page = await context.newPage();
    await page.goto(at);
    await page.locator("#main").waitFor();
    return page;
  };
  const first = await opened();
  await first.locator("#example-petal").click();
  await together(first);
  await first.locator("#said-title").fill("The first");
  await first.waitForTimeout(600);
  const second = await opened();
  await second.locator("#tabs").waitFor();
  assert.equal(await second.locator("#model-name").count(), 0);
  await second.locator("#example-wine").click();
  await together(second);
  await second.locator("#said-title").fill("The second");
  await second.waitForTimeout(600);
  for (const [page, title] of [[first, "The first"], [second, "The second"]]) {
    await page.reload();
    await together(page);
    assert.equal(await page.locator("#said-title").inputValue(), title);
  }
  // "Begin anew" is of one tab.
  await first.locator("#reset").click();
  await first.locator("#reset-yes").click();
  await first.locator("#example-petal").waitFor();
  await second.reload();
  await together(second);
  assert.equal(await second.locator("#said-title").inputValue(), "The second");
  await first.locator("#example-petal").click();
  await together(first);
  await first.waitForTimeout(300);
  await Promise.all([first.close(), second.close()]);
  const third = await opened();
  await together(third);
  await third.locator("#tabs-left").waitFor();
  const [other] = await Promise.all([context.waitForEvent("page"), third.locator("#tabs-left a").click()]);
  await together(other);
  assert.equal(await other.locator("#said-title").inputValue(), "The second");
});

test("a case.json that is taken is put together once", async () => {
  const page = await studio();
  await page.locator("#example-petal").click();
  await together(page);
  await page.waitForTimeout(500);
  await page.evaluate(() => {
    globalThis.asked = [];
    const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = function post(message, ...rest) {
      globalThis.asked.push(message.call);
      return postMessage.call(this, message, ...rest);
    };
  });
  await page.locator(".json summary").click();
  await page.locator("#json").fill('{"title": "Once"}');
  await page.locator("#json-take").click();
  await page.frameLocator("#preview").locator("h1", { hasText: "Once" }).waitFor();
  await page.waitForTimeout(600);
  assert.equal((await page.evaluate(() => globalThis.asked.filter((call) => call === "together"))).length, 1);
  await page.locator("#undo").click();
  await page.locator("#said-title:not([value='Once'])").waitFor();
});

test("the one file promises what it reads", async () => {
  const page = await studio();
  assert.match(await page.locator("#main").textContent(), /Train/);
  await page.locator("#example-petal").click();
  await together(page);
  assert.match(await text(page, "drop-data"), /Excel/);
  const disk = await host.browser.newContext({ locale: "en-GB" });
  const single = await disk.newPage();
  await single.goto(`file://${path.join(FOLDER, "studio/studio.html")}`);
  await single.locator("#example-petal").click();
  await together(single);
  assert.doesNotMatch(await text(single, "drop-data"), /Excel|OpenDocument/);
  assert.doesNotMatch(await single.locator("#data-file").getAttribute("accept"), /xls|ods/);
  await disk.close();
});

test("texts of thousands of characters leave the page as tall as it was", async () => {
  const page = await studio({ viewport: { width: 390, height: 800 } });
  const model = JSON.parse(readFileSync(path.join(root, "tests/golden/classes.json"), "utf8"));
  const heights = [];
  for (const length of [10, 2000]) {
    model.learner.feature_names = ["a", "b", "c", "d"].map((name) => name.repeat(length));
    await openModel(page, file("long.json", JSON.stringify(model)));
    await page.locator("#feature-0 summary").waitFor();
    heights.push(await page.evaluate(() => document.querySelector(".steps").scrollHeight));
  }
  assert.ok(heights[1] < heights[0] + 900, `${heights}`);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
});

test("on a phone the page is one jump away, and back", async () => {
  const page = await studio({ viewport: { width: 390, height: 800 } });
  await page.locator("#example-petal").click();
  await together(page);
  await page.locator("#to-preview").click();
  await page.waitForTimeout(300);
  const top = await page.locator("#preview-title").evaluate((element) => element.getBoundingClientRect().top);
  assert.ok(top >= 0 && top < 400, `${top}`);
  await page.locator("#to-words").click();
  await page.waitForTimeout(300);
  const words = await page.locator("#words-title").evaluate((element) => element.getBoundingClientRect().top);
  assert.ok(words >= 0 && words < 400, `${words}`);
  await page.setViewportSize({ width: 1440, height: 900 });
  assert.ok(!(await page.locator("#to-preview").isVisible()));
});

describe("tables to train on", () => {
  const open = async (page, rows) => {
    await page.locator("#train").click();
    await give(page, "train-file", rows);
  };
  const table = (rows) => ["born,who,ward,grams,sick", ...Array.from({ length: rows }, (_, row) => [`2026-11-${String((row % 28) + 1).padStart(2, "0")}`, `patient ${row}`, ["a", "b"][row % 2], row % 5, (row + (row % 3)) % 2].join())].join("\n");

  test("dates and names are left out with their reason, few rows and zeros are said", async () => {
    const page = await studio();
    await open(page, file("few.csv", table(25)));
    await page.locator("#train-few", { hasText: "25 rows are too few" }).waitFor();
    const row = (name) => page.locator("tr", { has: page.locator("th", { hasText: name }) });
    assert.match(await row("born").textContent(), /dates are not learnt from/);
    assert.match(await row("who").textContent(), /most of its texts stand in one row alone/);
    assert.match(await row("grams").textContent(), /in 5 rows it is zero/);
    assert.ok(await row("born").locator("input").isDisabled());
    await give(page, "train-file", file("more.csv", table(60)));
    await page.locator("#train-few", { hasText: "60 rows are few" }).waitFor();
    await give(page, "train-file", file("enough.csv", table(200)));
    await page.locator("#train-rows", { hasText: "200" }).waitFor();
    assert.equal(await page.locator("#train-few").count(), 0);
  });

  test("a column that is unticked is left out, and a field that is emptied is as usual", async () => {
    const page = await studio();
    await open(page, PIMA);
    await page.locator("#train-start").waitFor();
    await page.getByLabel("age", { exact: true }).uncheck();
    const rate = page.locator("#train-shrinkage");
    await rate.fill("0.5");
    await rate.fill("");
    assert.equal(await rate.inputValue(), "");
    assert.equal(await rate.getAttribute("placeholder"), "0.1");
    await page.locator("#train-trees").fill("15");
    await page.locator("#train-start").click();
    await page.locator("#train-use").click();
    await together(page);
    assert.equal(await text(page, "fact-inputs"), "7");
  });

  test("a sheet is chosen", async () => {
    const page = await studio();
    await open(page, SEVERAL);
    await page.locator("#train-sheet").selectOption("Rows");
    await page.locator("#train-rows").waitFor();
    assert.equal(await page.locator("#train-fault").count(), 0);
  });
});

describe("axe", () => {
  const few = file("few.csv", ["born,who,grams,sick", ...Array.from({ length: 25 }, (_, row) => `2026-11-${row + 1},patient ${row},${row % 5},${row % 2}`)].join("\n"));
  const renamed = file("renamed.csv", readFileSync(PIMA, "utf8").replace("glucose", "glucse").replace("age", "old"));
  const worded = file("worded.csv", readFileSync(PIMA, "utf8").replaceAll(/,1\s*$/gm, ",sick").replaceAll(/,0\s*$/gm, ",well"));
  const STATES = {
    "few rows to train on": async (page) => {
      await page.locator("#train").click();
      await give(page, "train-file", few);
      await page.locator("#train-few").waitFor();
    },
    "sheets to train on": async (page) => {
      await give(page, "train-file", SEVERAL);
      await page.locator("#train-sheet").waitFor();
    },
    "columns of other names": async (page) => {
      await page.locator("#train-close").click();
      await openModel(page, DIABETES);
      await give(page, "data-file", renamed);
      await page.locator("#data-match").waitFor();
    },
    "columns that were matched, and sheets": async (page) => {
      await page.locator("#data-match select").nth(1).selectOption({ label: "old" });
      await page.locator("#data-match-take").click();
      await page.locator("#data-matched").waitFor();
      await give(page, "heldOut-file", SEVERAL);
      await page.locator("#heldOut-sheet").waitFor();
    },
    "labels of two texts": async (page) => {
      await give(page, "heldOut-file", worded);
      await page.locator("#label").selectOption("diabetes");
      await page.locator("#positive").waitFor();
    },
    "faults at their fields": async (page) => {
      await page.locator("#heldOut-remove").click();
      await page.locator("#label").selectOption("");
      await page.locator("#said-name").fill("Not A Name!");
      await page.locator("#feature-0 summary").click();
      await page.locator("#feature-0-low").fill("9");
      await page.locator("#feature-0-high").fill("3");
      await page.locator("#feature-0-low[aria-invalid='true']").waitFor();
    },
    "a file beside the boxes": async (page) => {
      await dropOn(page, "h1", few);
      await page.locator("#drop-beside.failure").waitFor();
    },
  };
  for (const [locale, colorScheme, width] of [["en-GB", "light", 1440], ["zh-CN", "dark", 390], ["es-ES", "light", 820], ["es-ES", "dark", 390]]) {
    test(`no violation in new states, and nothing wider than the window: ${locale}, ${colorScheme}, ${width} pixels`, async () => {
      const page = await studio({ locale, colorScheme, viewport: { width, height: 900 }, reducedMotion: "reduce" });
      await page.evaluate(axe);
      for (const [state, enter] of Object.entries(STATES)) {
        await enter(page);
        const { violations, passes } = await page.evaluate(() => globalThis.axe.run({ exclude: ["iframe"] }, { resultTypes: ["violations"], iframes: false }));
        assert.ok(passes.length > 12, `${passes.length} rules passed`);
        assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).slice(0, 3).join("; ")}`), [], state);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${state} is wider than the window`);
        if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${locale}-${width}-${state.replaceAll(" ", "_")}.png`, fullPage: true });
      }
    });
  }
});
