// What carries the page: the service worker and the contract that it answers, use offline, updates, installing, the policy.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, test } from "node:test";
import { EXAMPLE, example } from "./golden.mjs";
import { FOLDER, hosted } from "./page.mjs";

const PATH = "katana-ml/api/v1.0/diabetes";
const DESCRIPTION = "katana-ml/api/v1.0/openapi.json";
const built = JSON.parse(readFileSync(new URL("../../target/page.json", import.meta.url), "utf8"));

/** Waits until the service worker answers for the page and has kept all of it. */
async function ready(page) {
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await page.locator('#offline[data-state="ready"]').waitFor();
}

/** What a request is answered, asked by the page itself of an address that is relative to it. */
const ask = (page, address, options) =>
  page.evaluate(
    async ([name, init]) => {
      const response = await fetch(new URL(name, document.baseURI), init);
      return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
    },
    [address, options],
  );

const post = (body, type = "application/json") => ({ method: "POST", headers: { "content-type": type }, body });

/** Every way to ask wrongly: the request, the status that answers it, and what is said of it. */
const PROBLEMS = {
  "no JSON": [PATH, post("{"), 400, { detail: "the body is not JSON" }],
  "no object": [PATH, post("[1]"), 400, { detail: "the body is not a JSON object" }],
  "no data": [PATH, post("{}"), 400, { detail: 'the member "data" is absent' }],
  "data that is no text": [PATH, post('{"data":[1,2]}'), 400, { detail: '"data" is not a string of comma-separated values' }],
  "nothing in it": [PATH, post('{"data":""}'), 400, { code: "empty_input" }],
  "too few values": [PATH, post('{"data":"1,2"}'), 400, { code: "wrong_field_count" }],
  "a word": [PATH, post(JSON.stringify({ data: EXAMPLE.replace("106", "high") })), 400, { code: "not_a_number", field: "glucose", detail: 'glucose: "high" is not a number' }],
  "an infinity": [PATH, post(JSON.stringify({ data: EXAMPLE.replace("106", "inf") })), 400, { code: "not_finite", field: "glucose" }],
  "another method": [PATH, { method: "GET" }, 405, {}],
  "deleting": [PATH, { method: "DELETE" }, 405, {}],
  "another path": ["katana-ml/api/v1.0/cancer", post("{}"), 404, {}],
  "no contract's path": ["katana-ml/", { method: "GET" }, 404, {}],
  "too long a body": [PATH, post(`{"data":"${"1".repeat(70_000)}"}`), 413, {}],
  "plain text": [PATH, post("1,2", "text/plain"), 415, {}],
  "writing the description": [DESCRIPTION, post("{}"), 405, {}],
};

async function contract(page, count) {
  const good = await ask(page, PATH, post(JSON.stringify({ data: EXAMPLE })));
  assert.equal(good.status, 200, count);
  assert.equal(Math.fround(JSON.parse(good.body).prediction), example.probability);
  assert.equal(good.headers["access-control-allow-origin"], "*");
  for (const [name, [address, request, status, said]] of Object.entries(PROBLEMS)) {
    const { status: found, headers, body } = await ask(page, address, request);
    assert.equal(found, status, name);
    assert.equal(headers["content-type"], "application/problem+json", name);
    assert.equal(headers["access-control-allow-origin"], "*", name);
    const problem = JSON.parse(body);
    assert.deepEqual({ ...problem, ...said, status, type: "about:blank" }, problem, name);
    assert.equal(headers.allow !== undefined, status === 405, name);
  }
  const preflight = await ask(page, PATH, { method: "OPTIONS" });
  assert.deepEqual([preflight.status, preflight.headers["access-control-allow-methods"], preflight.body], [204, "OPTIONS, POST", ""]);
  const description = await ask(page, DESCRIPTION);
  assert.deepEqual(JSON.parse(description.body), JSON.parse(readFileSync(new URL("../../models/diabetes/openapi.json", import.meta.url), "utf8")));
  const head = await ask(page, DESCRIPTION, { method: "HEAD" });
  assert.deepEqual([head.status, head.body], [200, ""]);
}

for (const base of ["/", "/some/base/"]) {
  describe(`below ${base}`, () => {
    const host = hosted({ base });

    test("the page answers the contract with no server and no network, and loads again", async () => {
      const page = await host.open();
      await ready(page);
      // With the network there, before it is taken away.
      assert.equal((await ask(page, PATH, post(JSON.stringify({ data: EXAMPLE })))).status, 200);
      const beyond = await ask(page, "../elsewhere/" + PATH);
      assert.equal(beyond.status, 404);
      assert.notEqual(beyond.headers["content-type"], "application/problem+json", "what is not the page's is left to its server");
      host.forgive(/404|405|400|413|415/);

      await host.server.stop();
      await page.context().setOffline(true);
      await assert.rejects(fetch(host.url), "the server answers still");
      await contract(page, "without a reload");
      await page.reload();
      await page.locator("#main").waitFor();
      await ready(page);
      await contract(page, "after a reload");
      for (const tab of await page.getByRole("tab").all()) {
        await tab.click();
      }
      await page.locator(".loading").first().waitFor({ state: "detached" });
      assert.equal(await page.locator(".failure").count(), 0, "every place opens offline");
      await page.goto(`${host.url}index.html?from=afar`);
      await page.locator("#main").waitFor();
    });
  });
}

describe("updates", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "wardian-update-"));
  cpSync(FOLDER, folder, { recursive: true });
  const host = hosted({ folder });

  /** Another build of the page, as a static host would come to have it: one file differs, and the list of what is kept. */
  function release(name) {
    const hash = (text) => `sha256-${createHash("sha256").update(text).digest("base64")}`;
    const [html, worker] = ["index.html", "service-worker.js"].map((file) => readFileSync(path.join(folder, file), "utf8"));
    const next = html.replace(/<title>/, `<meta name="release" content="${name}">\n  <title>`);
    const short = (text) => hash(text).slice(7, 19).replaceAll("+", "-").replaceAll("/", "_");
    assert.ok(worker.includes(hash(html)) && worker.includes(short(html)), "the worker knows the page's hash");
    writeFileSync(path.join(folder, "index.html"), next);
    writeFileSync(path.join(folder, "service-worker.js"), worker.replaceAll(hash(html), hash(next)).replaceAll(short(html), short(next)));
  }

  test("a newer version waits, is offered, and takes over when it is wanted", async () => {
    try {
      const page = await host.open();
      await ready(page);
      await page.locator("#input-glucose").fill("123");
      assert.equal(await page.locator("#update").count(), 0);
      const released = () => page.locator('meta[name="release"]').getAttribute("content", { timeout: 2000 });

      release("B");
      await page.reload();
      await page.locator("#update").waitFor();
      assert.equal(await page.locator('meta[name="release"]').count(), 0, "the older version is shown until then");
      await page.getByRole("button", { name: "Use it now" }).click();
      await page.locator('meta[name="release"]').waitFor({ state: "attached" });
      assert.equal(await released(), "B");
      assert.equal(await page.locator("#input-glucose").inputValue(), "123", "what was typed is still there");
      await ready(page);

      // An open page is told as well, and its other tab moves with it.
      release("C");
      await page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
      await page.locator("#update").click();
      await page.locator('meta[content="C"]').waitFor({ state: "attached" });
      const caches = await page.evaluate(async () => {
        const names = await globalThis.caches.keys();
        return Promise.all(names.map(async (name) => (await (await globalThis.caches.open(name)).keys()).length));
      });
      assert.deepEqual(caches, [built.offline.length - 1], "nothing of older versions is kept");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("as it is built", () => {
  const host = hosted();

  test("what is fetched before the first prediction is what the budget counts", async () => {
    const context = await host.context({ serviceWorkers: "block" });
    await context.addInitScript(() => {
      new MutationObserver((_, observer) => {
        if (document.querySelector("#main")) {
          observer.disconnect();
          globalThis.firstFiles = performance.getEntriesByType("resource").map(({ name }) => name);
        }
      }).observe(document, { childList: true, subtree: true });
    });
    const page = await context.newPage();
    host.forgive(/[Ss]ervice [Ww]orker/);
    await page.goto(host.url);
    await page.locator("#main").waitFor();
    const names = (await page.evaluate(() => globalThis.firstFiles)).map((url) => new URL(url).pathname.slice("/some/base/".length));
    // The icon may come at any time.
    assert.deepEqual([...new Set(["index.html", "icon.svg", ...names])].sort(), built.first);
  });

  test("it can be installed", async () => {
    const page = await host.open();
    await ready(page);
    const session = await page.context().newCDPSession(page);
    const { errors, data } = await session.send("Page.getAppManifest");
    assert.deepEqual(errors, []);
    const manifest = JSON.parse(data);
    const names = manifest.icons.map(({ src }) => src);
    assert.ok(names.every((name) => built.offline.includes(name)));
    const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
    // A context of Playwright's is a private window, which is all that stands in the way.
    assert.deepEqual(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== "in-incognito"), []);
  });

  test("files that are not those of the build are refused", async () => {
    for (const [pattern, change] of [
      ["**/engine_bg.wasm*", (body) => Buffer.concat([body, Buffer.from([0, 1, 0])])],
      ["**/wardian.js*", (body) => Buffer.concat([body, Buffer.from("\n")])],
      ["**/first-*.js", (body) => Buffer.concat([body, Buffer.from("\n")])],
      ["**/en.first-*.js", (body) => Buffer.concat([body, Buffer.from("\n")])],
    ]) {
      const context = await host.context({ serviceWorkers: "block" });
      host.forgive(/integrity|Failed to fetch|Failed to load|[Ss]ervice [Ww]orker|page: /);
      let served = 0;
      await context.route(pattern, async (route) => {
        const response = await route.fetch();
        served += 1;
        await route.fulfill({ response, body: change(await response.body()) });
      });
      const page = await context.newPage();
      const refused = page.waitForEvent("console", (message) => /integrity/.test(message.text()));
      await page.goto(host.url);
      await refused;
      assert.ok(served > 0);
      assert.equal(await page.locator("#main").count(), 0, pattern);
    }
  });

  test("no text becomes a script, nothing leaves, and no worker comes from elsewhere", async () => {
    let heard = 0;
    const stranger = createServer((request, response) => {
      heard += 1;
      response.setHeader("access-control-allow-origin", "*").end();
    });
    await new Promise((listening) => stranger.listen(0, "127.0.0.1", listening));
    const elsewhere = `http://127.0.0.1:${stranger.address().port}/`;
    const page = await host.open();
    // What is refused is still told of as a request; whether it went anywhere, the stranger knows.
    host.forgive(/CSP: |Content Security Policy|Trusted|Refused|^a request left/);
    const outcome = await page.evaluate(async (elsewhere) => {
      const tried = async (action) => {
        try {
          await action();
          return "done";
        } catch (error) {
          return error.name;
        }
      };
      return {
        html: await tried(() => { document.body.innerHTML = "<b>x</b>"; }),
        // Later, as what the test itself runs may.
        eval: await tried(() => new Promise((done, failed) => setTimeout(() => {
          try {
            done(new Function("return 1")());
          } catch (error) {
            failed(error);
          }
        }, 10))),
        address: await tried(() => new Worker("main.js")),
        policy: await tried(() => trustedTypes.createPolicy("another", {})),
        fetched: await tried(() => fetch(elsewhere)),
        picture: await tried(() => new Promise((done, failed) => {
          const image = new Image();
          image.onload = done;
          image.onerror = () => failed(new TypeError());
          image.src = elsewhere;
        })),
      };
    }, elsewhere);
    stranger.close();
    assert.equal(heard, 0);
    assert.deepEqual(outcome, { html: "TypeError", eval: "EvalError", address: "TypeError", policy: "TypeError", fetched: "TypeError", picture: "TypeError" });
  });

  test("no cookie is set", async () => {
    const page = await host.open();
    await ready(page);
    assert.deepEqual(await page.context().cookies(), []);
  });
});
