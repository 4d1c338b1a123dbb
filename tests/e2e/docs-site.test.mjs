// The documentation's site, as it is built: every link in it leads somewhere, and it works from a host below any path and from a disk.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { prepare, violations } from "./axe.mjs";
import { LAUNCH } from "./browser.mjs";
import { SITE, documents } from "./documents.mjs";
import { serve } from "./serve.mjs";

const files = readdirSync(SITE, { recursive: true }).filter((name) => name.endsWith(".html"));
/** What Sphinx has made: all but the references of Rust and JavaScript. */
const pages = files.filter((name) => !/^api\/(rust|js)\//.test(name));
const ROADS = ["a server", "a disk"];
let browser;
let server;
before(async () => {
  [browser, server] = await Promise.all([chromium.launch(LAUNCH), serve(SITE, "/some/where/")]);
});
after(() => Promise.all([browser.close(), server.stop()]));

/** A page of the site in a context of its own, with what went wrong in it. */
async function opened(road, name, options = {}) {
  const origin = road === "a disk" ? `${pathToFileURL(SITE)}/` : server.url;
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const faults = [];
  // From a disk TypeDoc's icons are what its icons.js puts in their place: Chromium lets no file show a part of another.
  const isTold = (text) => !(road === "a disk" && text.includes("api/js/assets/icons.svg"));
  page.on("console", (message) => message.type() === "error" && isTold(message.text()) && faults.push(message.text()));
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("request", (request) => !/^(data|blob):/.test(request.url()) && !request.url().startsWith(origin) && faults.push(request.url()));
  page.on("requestfailed", (request) => isTold(request.url()) && faults.push(`failed: ${request.url()}`));
  page.on("response", (response) => response.status() >= 400 && faults.push(`${response.status()}: ${response.url()}`));
  await page.goto(origin + name);
  return { page, faults, close: () => context.close() };
}

test("every page of docs/ is in the site, and so are the references", () => {
  const expected = documents().filter((name) => name.startsWith("docs/")).map((name) => name.slice(5).replace(/md$/, "html"));
  assert.ok(expected.length > 20);
  for (const name of [...expected, "api/python.html", "api/js/modules/wardian.html", "api/rust/wardian/struct.Model.html"]) {
    assert.ok(files.includes(name), name);
  }
});

// rustdoc's own script shows lines `#1-81` of a source.
test("every link in the site leads to a file, and every anchor to an element", () => {
  const ids = new Map();
  const idsOf = (file) => {
    if (!ids.has(file)) {
      ids.set(file, new Set([...readFileSync(file, "utf8").matchAll(/\s(?:id|name)="([^"]+)"/g)].map(([, id]) => id)));
    }
    return ids.get(file);
  };
  const dead = [];
  let alive = 0;
  for (const name of [...pages, "api/js/index.html", "api/rust/wardian/index.html"]) {
    for (const [, link] of readFileSync(path.join(SITE, name), "utf8").matchAll(/<(?:a|img|link|script)\b[^>]*\s(?:href|src)="([^"]*)"/g)) {
      if (/^[a-z]+:/i.test(link) || link === "") continue;
      const [place, anchor] = link.replaceAll("&amp;", "&").split("#");
      const file = path.join(SITE, path.dirname(name), decodeURIComponent(place.split("?")[0]) || path.basename(name));
      const isThere = existsSync(file) && (!anchor || /^\d+-\d+$/.test(anchor) || !file.endsWith(".html") || idsOf(file).has(decodeURIComponent(anchor)));
      if (isThere) alive += 1;
      else dead.push(`${name}: ${link}`);
    }
  }
  assert.deepEqual(dead, []);
  assert.ok(alive > 1000, `${alive} links`);
});

for (const road of ROADS) {
  test(`from ${road}: no error, no request elsewhere, and a search that finds`, async () => {
    for (const name of ["index.html", "CASE.html", "start/no-code.html", "api/python.html", "api/js/index.html", "api/rust/wardian/index.html"]) {
      const { page, faults, close } = await opened(road, name);
      await page.waitForLoadState("networkidle");
      assert.deepEqual(faults, [], name);
      await close();
    }
    const { page, faults, close } = await opened(road, "index.html");
    await page.getByRole("textbox", { name: /search/i }).first().fill("pickles");
    await page.keyboard.press("Enter");
    await page.locator("#search-results li a").first().waitFor();
    const found = await page.locator("#search-results li a").allTextContents();
    assert.ok(found.some((title) => /Questions that people ask/.test(title)), found.join("; "));
    await page.locator("#search-results li a", { hasText: "Questions that people ask" }).first().click();
    await page.getByRole("heading", { name: "What about pickles?" }).waitFor();
    assert.deepEqual(faults, []);
    await close();
  });
}

for (const colorScheme of ["light", "dark"]) {
  test(`axe finds nothing on five pages, ${colorScheme}`, async () => {
    for (const name of ["index.html", "FAQ.html", "start/command-line.html", "CASE.html", "api/python.html"]) {
      const { page, close } = await opened("a server", name, { colorScheme, reducedMotion: "reduce" });
      await prepare(page);
      assert.deepEqual(await violations(page), [], name);
      await close();
    }
  });
}

test("nothing is wider than a phone", async () => {
  const { page, close } = await opened("a server", "index.html", { viewport: { width: 390, height: 844 } });
  for (const name of pages) {
    await page.goto(server.url + name);
    const [wide, window] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    assert.ok(wide <= window, `${name}: ${wide} in ${window}`);
  }
  await close();
});
