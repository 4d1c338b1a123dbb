// The page's proof and monitor: what they show is so, and they would show it if it were not.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { hosted } from "./page.mjs";
import { serve } from "./serve.mjs";

const host = hosted();
const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

async function openProof(options) {
  const page = await host.open(options);
  await page.locator("#tab-about").click();
  // What is out of sight is not drawn again.
  await page.locator("#requests-stopped").scrollIntoViewIfNeeded();
  return page;
}

/** Asks again until it holds: the browser's record is written, and the panel drawn, a moment later. */
async function expect(holds) {
  for (const until = Date.now() + 5000; ; await new Promise((resolve) => setTimeout(resolve, 100))) {
    try {
      return await holds();
    } catch (error) {
      if (Date.now() > until) {
        throw error;
      }
    }
  }
}

async function verdict(page) {
  await page.locator("#selftest-run").click();
  await page.locator("#selftest-result .verdict").waitFor();
  return page.locator("#selftest-result .verdict").textContent();
}

test("the self-test shows 768 of 768, in every language", async () => {
  for (const [locale, expected] of [
    ["en-GB", "768 of 768 identical to XGBoost 3.2.0"],
    ["zh-CN", "768 行中有 768 行与 XGBoost 3.2.0 完全一致"],
    ["es-ES", "768 de 768 idénticas a XGBoost 3.2.0"],
  ]) {
    const page = await openProof({ locale });
    assert.equal(await verdict(page), expected);
    assert.equal(await page.locator("#differences").count(), 0);
  }
});

/** Makes the module's answer to each of these rows, counted in single answers, wrong in its last bit. */
function spoil(wrong) {
  const instantiate = WebAssembly.instantiate.bind(WebAssembly);
  let asked = 0;
  WebAssembly.instantiate = async (...given) => {
    const made = await instantiate(...given);
    const { exports } = made.instance ?? made;
    function run(number, count, linked) {
      const address = exports.run(number, count, linked);
      if (linked && globalThis.spoiling) {
        if (wrong.includes(asked)) {
          new Uint32Array(exports.memory.buffer, address >>> 0, 1)[0] ^= 1;
        }
        asked += 1;
      }
      return address;
    }
    return { instance: { exports: { ...exports, run } } };
  };
}

test("the self-test finds a single wrong bit, and names its row", async () => {
  const context = await host.context();
  await context.addInitScript(spoil, [4, 655]);
  const page = await context.newPage();
  await page.goto(host.url);
  await page.locator("#tab-about").click();
  await page.locator("#selftest-run").waitFor();
  await page.evaluate(() => {
    globalThis.spoiling = true;
  });
  assert.equal(await verdict(page), "766 of 768 identical to XGBoost 3.2.0");
  const rows = await page.locator("#differences tbody tr").all();
  assert.equal(rows.length, 2);
  const [, , bits] = read("tests/golden/diabetes.expected.csv").split("\n")[5].split(",");
  const [name, expected, given] = await rows[0].locator("th, td").allTextContents();
  assert.equal(name, "5");
  assert.ok(expected.endsWith(`(${bits})`), expected);
  assert.ok(given.endsWith(`(${(Number.parseInt(bits, 16) ^ 1).toString(16)})`), given);
  assert.equal(await rows[1].locator("th").textContent(), "656");
});

test("a self-test that cannot be had says so", async () => {
  // A service worker would have it.
  const page = await openProof({ serviceWorkers: "block" });
  host.forgive(/ERR_FAILED|golden/);
  await page.route("**/case/golden.json*", (route) => route.abort());
  await page.locator("#selftest-run").click();
  await page.locator("#selftest-result .failure").waitFor();
  assert.match(await page.locator("#selftest-result").textContent(), /^The self-test could not be run\./);
});

test("the page names its version and its model", async () => {
  const page = await openProof();
  const version = read("Cargo.toml").match(/^version = "(.*)"$/m)[1];
  await page.getByText(`Wardian ${version}`, { exact: true }).waitFor();
  assert.equal(await page.locator("#model-sha256").textContent(), read("models/diabetes/diabetes.sha256").trim());
});

test("nothing has left the page, and what is asked of its own address is counted", async () => {
  const page = await (await host.context()).newPage();
  let asked = 0;
  // The service worker's own requests are not the page's; nor is the page itself among those that it counts.
  page.on("request", (request) => {
    asked += request.isNavigationRequest() || !request.url().startsWith("http") ? 0 : 1;
  });
  await page.goto(host.url);
  await page.locator("#tab-about").click();
  await verdict(page);
  await page.locator("#requests-stopped").scrollIntoViewIfNeeded();
  const counted = () => Number(document.getElementById("requests-network").textContent) + Number(document.getElementById("requests-kept").textContent);
  await page.waitForFunction(counted);
  await expect(async () => assert.equal(await page.evaluate(counted), asked));
  assert.ok(asked > 5, asked);
  assert.equal(await page.locator("#requests-elsewhere").textContent(), "0");
  assert.equal(await page.locator("#requests-stopped").textContent(), "0");
  await page.locator(".proof details summary").click();
  // The list is drawn with the panel's next look at itself.
  await page.locator(".addresses .hash").filter({ hasText: /^engine_bg\.wasm/ }).first().waitFor();
});

test("a request elsewhere is stopped and shown; were it not stopped, it would be counted", async () => {
  const other = await serve(fileURLToPath(new URL(".", import.meta.url)), "/");
  host.forgive(/CSP|Content Security Policy|left the origin|Fetch API/i);
  try {
    for (const [bypassCSP, elsewhere, stopped] of [[false, "0", "1"], [true, "1", "0"]]) {
      const page = await openProof({ bypassCSP });
      await page.evaluate((url) => fetch(url, { mode: "no-cors" }).catch(() => {}), `${other.origin}/golden.mjs`);
      await page.waitForFunction(
        (expected) => ["elsewhere", "stopped"].map((name) => document.getElementById(`requests-${name}`).textContent).join() === expected,
        [elsewhere, stopped].join(),
      );
    }
  } finally {
    other.close();
  }
});

test("the monitor counts the answers to the form", async () => {
  const page = await host.open();
  await page.locator("#example").click();
  await page.locator("#input-glucose").fill("150");
  await page.locator("#tab-about").click();
  await page.locator("#memory-model").scrollIntoViewIfNeeded();
  // The example, and then the glucose.
  await page.waitForFunction(() => document.getElementById("served-person").textContent === "2");
  const cells = await page.locator("#served tbody tr").first().locator("td").allTextContents();
  assert.ok(cells.slice(1).every((cell) => /^(under )?\d+(\.\d+)? ms$/.test(cell)), cells.join());
});

test("the monitor counts what the service worker answers, and measures it", async () => {
  const page = await openProof();
  await page.locator("#memory-model").scrollIntoViewIfNeeded();
  await page.evaluate(() => {
    const channel = new BroadcastChannel("wardian");
    for (let count = 1; count <= 100; count += 1) {
      channel.postMessage({ status: 200, milliseconds: count });
    }
  });
  await page.waitForFunction(() => document.getElementById("served-rest").textContent === "100");
  const cells = await page.locator("#served tbody tr").filter({ hasText: "REST" }).locator("td").allTextContents();
  assert.deepEqual(cells, ["100", "50 ms", "95 ms", "99 ms"]);
  assert.match(await page.locator("#memory-model").textContent(), /^\d+(\.\d)? MB$/);
});

test("out of sight the panels do nothing", async () => {
  const context = await host.context();
  await context.addInitScript(() => {
    const [set, clear] = [setInterval, clearInterval];
    globalThis.running = new Set();
    globalThis.setInterval = (...given) => {
      const timer = set(...given);
      globalThis.running.add(timer);
      return timer;
    };
    globalThis.clearInterval = (timer) => {
      globalThis.running.delete(timer);
      clear(timer);
    };
  });
  const page = await context.newPage();
  await page.goto(host.url);
  await page.locator("#tab-about").click();
  await page.locator("#monitor-title").scrollIntoViewIfNeeded();
  await page.waitForFunction(() => globalThis.running.size > 0);
  await page.locator("#tab-person").click();
  await page.waitForFunction(() => globalThis.running.size === 0);
});
