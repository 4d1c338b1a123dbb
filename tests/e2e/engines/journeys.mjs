// The journeys of the page's readers in Firefox and WebKit: cargo xtask browsers
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { By, Select, until } from "selenium-webdriver";
import { EXAMPLE, example, golden } from "../golden.mjs";
import { NAMES as FEATURES } from "../module-cases.mjs";
import { FOLDER } from "../page.mjs";
import { serve } from "../serve.mjs";
import { NAMES, start } from "./driver.mjs";

const BASE = "/some/base/";
const PATIENCE = 30_000;
const SINGLE_FILE = pathToFileURL(path.join(FOLDER, "page.html")).href;
/** So many people, from all of the study. */
const PEOPLE = golden.filter((_, index) => index % 38 === 0).slice(0, 20);
const PRESETS = ["example", "missing", "description", "preflight", "number", "count", "text", "absent", "object", "json", "path", "method", "long", "type"];

for (const name of NAMES) {
  describe(name, { timeout: 600_000 }, () => {
    let browser, driver, server;

    before(async () => {
      server = await serve(FOLDER, BASE);
      browser = await start(name);
      driver = browser.driver;
    });
    after(async () => {
      await browser?.end();
      server?.close();
    });

    const find = (selector) => driver.wait(until.elementLocated(By.css(selector)), PATIENCE, `no ${selector}`);
    const shown = async (selector) => driver.wait(until.elementIsVisible(await find(selector)), PATIENCE, `${selector} is not shown`);
    const text = async (selector) => (await find(selector)).getText();
    const becomes = (what, message) => driver.wait(what, PATIENCE, message);

    /** Opens the page, with an ear for what the policy refuses and for errors. */
    async function open(url) {
      await driver.get(url);
      await listen();
    }

    async function listen() {
      await shown("#main");
      await driver.executeScript(`
        window.faults = [];
        addEventListener("securitypolicyviolation", (event) => faults.push("CSP: " + event.violatedDirective + " " + event.blockedURI));
        addEventListener("error", (event) => faults.push("error: " + event.message));
        addEventListener("unhandledrejection", (event) => faults.push("rejection: " + event.reason));
      `);
    }

    /** No fault was heard, and nothing was fetched from elsewhere. */
    async function quiet(origin) {
      assert.deepEqual(await driver.executeScript("return window.faults"), []);
      const fetched = await driver.executeScript("return performance.getEntriesByType('resource').map((entry) => entry.name)");
      assert.deepEqual(fetched.filter((url) => !/^(data|blob):/.test(url) && !url.startsWith(origin)), []);
    }

    async function enter(data) {
      for (const [index, value] of data.split(",").entries()) {
        const field = await find(`#input-${FEATURES[index]}`);
        // As hands do it: WebKit's driver empties a field without the event that pages hear of it by.
        await driver.executeScript("arguments[0].focus(); arguments[0].select()", field);
        await field.sendKeys(value);
      }
    }

    /** The probability on the page, once it is that of `person`; a row with a 0 where it means "not measured" too. */
    async function reads({ data, probability }) {
      const wanted = probability.toFixed(3);
      const stands = async () => (await driver.findElements(By.css("#detail"))).length > 0 && (await text("#detail")).includes(wanted);
      await becomes(stands, `${data}: not ${wanted}`).catch(async (error) => {
        const fields = await driver.executeScript("return arguments[0].map((name) => document.getElementById(`input-${name}`)?.value)", FEATURES);
        throw new Error(`${error.message}; the fields hold ${fields}`);
      });
    }

    async function place(tab) {
      await (await find(`#tab-${tab}`)).click();
      await shown(`#place-${tab}`);
    }

    /** Chooses each preset of the console, sends it, and reads its status: what was chosen is what is promised. */
    async function everyPreset() {
      await place("rest");
      await becomes(async () => (await find("#console-send")).isEnabled(), "the console stays closed");
      const sent = {};
      for (const [count, preset] of PRESETS.entries()) {
        await new Select(await find("#console-preset")).selectByValue(preset);
        const promised = (await (await find(`#console-preset option[value="${preset}"]`)).getAttribute("textContent")).slice(0, 3);
        await (await find("#console-send")).click();
        await becomes(async () => (await driver.findElements(By.css(`#console-status[data-count="${count + 1}"]`))).length > 0, `${preset}: no answer`);
        const status = (await text("#console-status strong")).slice(0, 3);
        assert.equal(status, promised, preset);
        sent[preset] = { status, body: await text("#console-answer-body"), headers: await text("#console-headers") };
      }
      assert.equal(Math.fround(JSON.parse(sent.example.body).prediction), example.probability);
      assert.match(sent.number.body, /"field": "glucose"/);
      assert.match(sent.method.headers, /^allow: OPTIONS, POST$/im);
      assert.equal(new Set(Object.values(sent).map(({ status }) => status)).size, 7);
    }

    /** Gives the page all rows of the study as a file, and holds what it gives back to XGBoost's bits. */
    async function wholeStudy() {
      await place("rows");
      const file = [FEATURES.join(","), ...golden.map(({ data }) => data)].join("\n");
      await driver.executeScript(
        `const chosen = new DataTransfer();
        chosen.items.add(new File([arguments[1]], "study.csv", { type: "text/csv" }));
        arguments[0].files = chosen.files;
        arguments[0].dispatchEvent(new Event("change", { bubbles: true }));
        // What is saved is read here; where a browser would put it is its own affair.
        const made = URL.createObjectURL.bind(URL);
        URL.createObjectURL = (blob) => { window.saved = blob; return made(blob); };
        HTMLAnchorElement.prototype.click = () => {};`,
        await find("#rows-file"),
        file,
      );
      await (await shown("#rows-score")).click();
      await (await shown("#rows-download")).click();
      const saved = await driver.executeAsyncScript("window.saved.text().then(arguments[0])");
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
