// What a page's reader does in any browser that WebDriver drives, and what is watched meanwhile.
import assert from "node:assert/strict";
import { By, until } from "selenium-webdriver";

/** How long a busy machine may take for anything, in milliseconds. */
const PATIENCE = 30_000;

/** A reader with a driver's browser. */
export function reader(driver) {
  const becomes = (what, message) => driver.wait(what, PATIENCE, message);
  const find = (selector) => becomes(until.elementLocated(By.css(selector)), `no ${selector}`);
  const shown = async (selector) => becomes(until.elementIsVisible(await find(selector)), `${selector} is not shown`);
  /**
   * Presses what is shown, once it stays where it is: a driver aims first and presses then, and what has grown above meanwhile
   * (a chart, a hash that was worked out) would have the press go beside it, without a word.
   */
  async function press(selector) {
    const element = await shown(selector);
    let place;
    await becomes(async () => {
      const before = place;
      place = JSON.stringify(await element.getRect());
      return place === before;
    }, `${selector} does not stay in its place`);
    await element.click();
  }
  const text = async (selector) => (await find(selector)).getText();
  const has = async (selector) => (await driver.findElements(By.css(selector))).length > 0;

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

  async function place(tab) {
    await press(`#tab-${tab}`);
    await shown(`#place-${tab}`);
  }

  /** Writes into a field what was not in it. */
  async function write(selector, value) {
    const field = await find(selector);
    // As hands do it: WebKit's driver empties a field without the event that pages hear of it by.
    await driver.executeScript("arguments[0].focus(); arguments[0].select()", field);
    await field.sendKeys(value);
  }

  /** Gives the page a file of rows; the text of what it gives back. */
  async function scored(file) {
    await place("rows");
    await driver.executeScript(
      `const chosen = new DataTransfer();
      chosen.items.add(new File([arguments[1]], "rows.csv", { type: "text/csv" }));
      arguments[0].files = chosen.files;
      arguments[0].dispatchEvent(new Event("change", { bubbles: true }));
      // What is saved is read here; where a browser would put it is its own affair.
      const made = URL.createObjectURL.bind(URL);
      URL.createObjectURL = (blob) => { window.saved = blob; return made(blob); };
      HTMLAnchorElement.prototype.click = () => {};`,
      await find("#rows-file"),
      file,
    );
    await press("#rows-score");
    await press("#rows-download");
    return driver.executeAsyncScript("window.saved.text().then(arguments[0])");
  }

  return { becomes, find, shown, press, text, has, open, listen, quiet, place, write, scored };
}
