// The built page, opened in a browser for a test; whatever goes wrong anywhere in it fails the test in which it does.
import assert from "node:assert/strict";
import { after, afterEach, before } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { LAUNCH } from "./browser.mjs";
import { serve } from "./serve.mjs";

export const FOLDER = fileURLToPath(new URL("../../www/dist", import.meta.url));

/**
 * Serves the built page for the tests of one file, in a folder below the root, and gives them a browser:
 * `const { open } = hosted()`, then `const page = await open(options)` in a test. Every request of every context is
 * recorded in `requests`; one that leaves the origin fails the test, as do errors in the console, uncaught exceptions,
 * and violations of the content security policy or of Trusted Types. `forgive(pattern)` is for what a test provokes.
 */
export function hosted({ base = "/some/base/", folder = FOLDER } = {}) {
  const host = { server: undefined, browser: undefined, requests: [], open, context, forgive, url: undefined };
  let faults = [];
  let forgiven = [];
  let contexts = [];

  before(async () => {
    host.server = await serve(folder, base);
    host.url = host.server.url;
    host.browser = await chromium.launch(LAUNCH);
  });

  after(async () => {
    await host.browser?.close();
    host.server?.close();
  });

  afterEach(async () => {
    await Promise.all(contexts.map((each) => each.close()));
    const found = faults.filter((fault) => !forgiven.some((pattern) => pattern.test(fault)));
    [faults, forgiven, contexts, host.requests] = [[], [], [], []];
    assert.deepEqual(found, []);
  });

  function forgive(pattern) {
    forgiven.push(pattern);
  }

  /** A context of its own, watched. */
  async function context(options = {}) {
    const made = await host.browser.newContext({ locale: "en-GB", ...options });
    contexts.push(made);
    made.on("console", (message) => message.type() === "error" && faults.push(`console: ${message.text()}`));
    made.on("weberror", (error) => faults.push(`page: ${error.error().message}`));
    made.on("request", (request) => {
      host.requests.push(request.url());
      if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(`${host.server.origin}/`)) {
        faults.push(`a request left the origin: ${request.url()}`);
      }
    });
    await made.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => console.error(`CSP: ${event.violatedDirective} ${event.sourceFile}:${event.lineNumber}`));
    });
    return made;
  }

  /** The page, in a context of its own, ready to be used; `at` is a fragment or a file of the folder. */
  async function open({ at = "", ...options } = {}) {
    const page = await (await context(options)).newPage();
    await page.goto(host.url + at);
    await page.locator("#main").waitFor();
    return page;
  }

  return host;
}

/** Types a row, as it is in the REST contract, into the form. */
export async function fill(page, names, data) {
  for (const [index, value] of data.split(",").entries()) {
    await page.locator(`#input-${names[index]}`).fill(value);
  }
}
