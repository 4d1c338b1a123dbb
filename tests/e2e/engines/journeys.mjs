// The journeys of the diabetes page's readers in Firefox and WebKit: cargo xtask browsers
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { Select } from "selenium-webdriver";
import { EXAMPLE, example, golden } from "../golden.mjs";
import { NAMES as FEATURES } from "../module-cases.mjs";
import { FOLDER } from "../page.mjs";
import { serve } from "../serve.mjs";
import { NAMES, start } from "./driver.mjs";
import { reader } from "./reader.mjs";

const BASE = "/some/base/";
const SINGLE_FILE = pathToFileURL(path.join(FOLDER, "page.html")).href;
/** So many people, from all of the study. */
const PEOPLE = golden.filter((_, index) => index % 38 === 0).slice(0, 20);
const PRESETS = ["example", "missing", "explain", "description", "preflight", "number", "count", "text", "absent", "object", "json", "path", "method", "long", "type"];

for (const name of NAMES) {
  describe(name, { timeout: 600_000 }, () => {
    let browser, driver, server;
    let becomes, find, shown, press, text, has, open, listen, quiet, place, write, scored;

    before(async () => {
      server = await serve(FOLDER, BASE);
      browser = await start(name);
      driver = browser.driver;
      ({ becomes, find, shown, press, text, has, open, listen, quiet, place, write, scored } = reader(driver));
    });
    after(async () => {
      await browser?.end();
      server?.close();
    });

    async function enter(data) {
      for (const [index, value] of data.split(",").entries()) {
        await write(`#input-${FEATURES[index]}`, value);
      }
    }

    /** The probability on the page, once it is that of `person`; a row with a 0 where it means "not measured" too. */
    async function reads({ data, probability }) {
      const wanted = probability.toFixed(3);
      const stands = async () => (await has("#detail")) && (await text("#detail")).includes(wanted);
      await becomes(stands, `${data}: not ${wanted}`).catch(async (error) => {
        const fields = await driver.executeScript("return arguments[0].map((name) => document.getElementById(`input-${name}`)?.value)", FEATURES);
        throw new Error(`${error.message}; the fields hold ${fields}`);
      });
    }

    /** Chooses each preset of the console, sends it, and reads its status: what was chosen is what is promised. */
    async function everyPreset() {
      await place("rest");
      await becomes(async () => (await find("#console-send")).isEnabled(), "the console stays closed");
      const sent = {};
      for (const [count, preset] of PRESETS.entries()) {
        await new Select(await find("#console-preset")).selectByValue(preset);
        const promised = (await (await find(`#console-preset option[value="${preset}"]`)).getAttribute("textContent")).slice(0, 3);
        await press("#console-send");
        await becomes(() => has(`#console-status[data-count="${count + 1}"]`), `${preset}: no answer`);
        const status = (await text("#console-status strong")).slice(0, 3);
        assert.equal(status, promised, preset);
        sent[preset] = { status, body: await text("#console-answer-body"), headers: await text("#console-headers") };
      }
      assert.equal(Math.fround(JSON.parse(sent.example.body).prediction), example.probability);
      const { reasons, unknown } = JSON.parse(sent.explain.body);
      assert.deepEqual([reasons.length, unknown.length], [8, 2]);
      assert.match(sent.number.body, /"field": "glucose"/);
      assert.match(sent.method.headers, /^allow: OPTIONS, POST$/im);
      assert.equal(new Set(Object.values(sent).map(({ status }) => status)).size, 7);
    }

    /** Gives the page all rows of the study as a file, and holds what it gives back to XGBoost's bits. */
    async function wholeStudy() {
      const saved = await scored([FEATURES.join(","), ...golden.map(({ data }) => data)].join("\n"));
      const [header, ...rows] = saved.trim().split(/\r?\n/).map((line) => line.split(","));
      const probabilities = rows.map((cells) => Math.fround(Number(cells[header.indexOf("probability")])));
      assert.deepEqual(probabilities, golden.map(({ probability }) => probability));
    }

    test("a file of rows", async () => {
      await open(server.url);
      await wholeStudy();
      await quiet(server.origin);
    });

    test("20 people: form to result", async () => {
      await open(server.url);
      // The page opens where it was left.
      await place("person");
      for (const person of PEOPLE) {
        await enter(person.data);
        await reads(person);
      }
      await quiet(server.origin);
    });

    test("the console, by the service worker", async () => {
      await open(server.url);
      await driver.executeAsyncScript("navigator.serviceWorker.ready.then(arguments[0])");
      await everyPreset();
      await quiet(server.origin);
    });

    test("with the server stopped: reload, form, console", async () => {
      await open(server.url);
      await driver.executeAsyncScript("navigator.serviceWorker.ready.then(arguments[0])");
      await becomes(() => driver.executeScript("return navigator.serviceWorker.controller !== null"), "the page is not controlled");
      await server.stop();
      // As the reader reloads: WebDriver's own way passes service workers by in Firefox, as Shift does.
      await driver.executeScript("window.isOld = true; setTimeout(() => location.reload())");
      await becomes(async () => !(await driver.executeScript("return window.isOld")), "the page is not reloaded");
      await listen();
      await place("person");
      await enter(EXAMPLE);
      await reads(example);
      await everyPreset();
      await place("about");
      await quiet(server.origin);
    });

    test("the single file, from file://", async () => {
      await open(SINGLE_FILE);
      await place("person");
      await enter(EXAMPLE);
      await reads(example);
      await shown(".waterfall");
      await everyPreset();
      await place("about");
      await shown(".model-card");
      await wholeStudy();
      await quiet("file:");
    });
  });
}
