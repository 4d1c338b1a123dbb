// The studio in Firefox and WebKit, from a host and from a disk: a model becomes a page and a package, and one is trained.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { By, until } from "selenium-webdriver";
import { FOLDER } from "../page.mjs";
import { serve } from "../serve.mjs";
import { folder, root } from "../studio.mjs";
import { NAMES, start } from "./driver.mjs";
import { reader } from "./reader.mjs";

const PETAL = path.join(root, "models/petal/petal.lightgbm.txt");
const PLACES = {
  "a host": async () => {
    const server = await serve(FOLDER, "/some/base/");
    return { url: `${server.url}studio/index.html`, origin: server.url, close: () => server.close() };
  },
  "a disk": async () => ({ url: pathToFileURL(path.join(FOLDER, "studio/studio.html")).href, origin: "file:", close: () => {} }),
};

const digest = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** What the command line makes of the model. */
function expected() {
  const file = path.join(folder, "petal.tgz");
  execFileSync(process.env.WARDIAN_COMMAND, ["seal", PETAL, "-o", file], { stdio: "pipe" });
  return digest(readFileSync(file));
}

const TABLE = ["a,b,y", ...Array.from({ length: 400 }, (_, row) => `${row % 17},${(row * 7) % 23},${(row % 17) + ((row * 7) % 23) > 19 ? 1 : 0}`)].join("\n");

for (const engine of NAMES) {
  describe(engine, { timeout: 300_000 }, () => {
    let browser;
    before(async () => {
      browser = await start(engine);
    });
    after(() => browser?.end());

    for (const [name, opened] of Object.entries(PLACES)) {
      test(`from ${name}: a model, its page, its package, and one that is trained`, async () => {
        const { driver } = browser;
        const { becomes, open, press, quiet, shown, text, write } = reader(driver);
        const place = await opened();
        const give = async (input, file, content) =>
          driver.executeScript(
            `const chosen = new DataTransfer();
            chosen.items.add(new File([arguments[1]], arguments[2]));
            arguments[0].files = chosen.files;
            arguments[0].dispatchEvent(new Event("change", { bubbles: true }));`,
            await becomes(until.elementLocated(By.css(input)), `no ${input}`),
            content,
            file,
          );
        const isReady = () => driver.executeScript("return document.querySelector('#take-single')?.disabled === false");
        /** Something is done within the preview. */
        const inPreview = async (work) => {
          const frame = await becomes(until.elementLocated(By.css("#preview")), "no preview");
          await driver.switchTo().frame(frame);
          try {
            return await work();
          } finally {
            await driver.switchTo().defaultContent();
          }
        };
        try {
          await open(place.url);
          await give("#model-file", "petal.lightgbm.txt", readFileSync(PETAL, "utf8"));
          await becomes(isReady, "the model is not ready");
          // WebKit's driver takes what may be clamped (`-webkit-box`) for what is not shown, and gives no text of it.
          assert.equal(await driver.executeScript("return document.querySelector('#fact-trees').innerText"), "60");
          await driver.executeScript(
            `const made = URL.createObjectURL.bind(URL);
            URL.createObjectURL = (blob) => { window.saved = blob; return made(blob); };
            HTMLAnchorElement.prototype.click = () => {};`,
          );
          await inPreview(() => becomes(async () => (await driver.findElements(By.css("#main #form, #main form"))).length > 0, "the preview shows no form"));
          await press("#take-package");
          await becomes(async () => (await text("#taken")).includes("petal.tgz") || (await text("#taken")).includes("-1.0.0.tgz"), "no package was made");
          const bytes = await driver.executeAsyncScript(
            `const done = arguments[arguments.length - 1];
            window.saved.arrayBuffer().then((buffer) => done([...new Uint8Array(buffer)].map((byte) => String.fromCharCode(byte)).join("")));`,
          );
          assert.equal(digest(Buffer.from(bytes, "latin1")), expected());
          await write("#said-title", "Leaves");
          await becomes(() => inPreview(async () => (await driver.executeScript("return document.querySelector('h1')?.textContent")) === "Leaves").catch(() => false), "the preview has another title");

          await press("#reset");
          await press("#reset-yes");
          await press("#train");
          await give("#train-file", "table.csv", TABLE);
          await press("#train-start");
          await shown("#worth-auc");
          assert.ok(Number((await text("#worth-auc")).replace(",", ".")) > 0.9, await text("#worth-auc"));
          await press("#train-use");
          await becomes(isReady, "the trained model is not ready");
          await quiet(place.origin);
          await driver.executeScript("document.querySelector('#reset').click()");
          await press("#reset-yes");
        } finally {
          place.close();
        }
      });
    }
  });
}
