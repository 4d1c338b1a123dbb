// The examples in JavaScript (`examples/`), as their READMEs tell a reader to build them, opened and asked. Each answers as the trainer does.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { blocksOf, commandsOf } from "../e2e/documents.mjs";
import { CONTRACT, EXAMPLE, example, golden } from "../e2e/golden.mjs";
import { serve } from "../e2e/serve.mjs";
import { cleanUp, ownFolder, run, tool } from "./consumer.mjs";
import { LAUNCH } from "../e2e/browser.mjs";
import { chromium, inChromium, inWorkerd } from "./runtimes.mjs";

const root = path.resolve(import.meta.dirname, "../..");
const COMMAND = process.env.WARDIAN_COMMAND ?? path.join(root, "target/debug/wardian");
const folderOf = (name) => path.join(root, "examples", name);
const other = golden.find(({ probability }) => probability > 0.9);

/** Node and the command on the path, as a reader has them. */
let environment;
before(async () => {
  const bin = path.join(await ownFolder(), "bin");
  mkdirSync(bin);
  symlinkSync(COMMAND, path.join(bin, "wardian"));
  environment = { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}`, NEXT_TELEMETRY_DISABLED: "1", npm_config_offline: "true" };
});
after(cleanUp);

const built = new Map();
/** Where an example is, built once. */
function build(name) {
  if (!built.has(name)) {
    built.set(name, typed(name));
  }
  return built.get(name);
}

/** Runs what a README tells to type, but for what starts a server and what `xtask/src/test.rs` has installed by the lock file. */
async function typed(name) {
  const cwd = folderOf(name);
  // Of a package that has the version of another npm may keep the other.
  rmSync(path.join(cwd, "node_modules/risk"), { recursive: true, force: true });
  const commands = blocksOf(readFileSync(path.join(cwd, "README.md"), "utf8")).filter(({ language }) => language === "console").flatMap(({ code }) => commandsOf(code));
  const words = commands.map(({ command }) => command).filter((command) => !/^(npm (ci|start)$|npx wrangler |python3 -m http)/.test(command));
  assert.match(words[0], /^wardian seal /);
  for (const command of words) {
    await run("sh", ["-c", command], { cwd, env: environment, timeout: 300_000 });
  }
  return cwd;
}

/** Asks for an answer by the REST contract. */
const post = (origin, data) => fetch(origin + CONTRACT.path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ data }) });

test("the Vite app predicts and explains what is typed", async () => {
  const place = await build("vite");
  const server = await serve(path.join(place, "dist"), "/");
  try {
    await inChromium(async (page, errors) => {
      await page.goto(server.url);
      const names = await page.locator("input").evaluateAll((fields) => fields.map(({ name }) => name));
      assert.equal(names.length, 8);
      for (const { data, probability } of [example, other]) {
        for (const [index, text] of data.split(",").entries()) {
          await page.locator(`[name="${names[index]}"]`).fill(text);
        }
        assert.equal(await page.locator("#answer").textContent(), String(probability));
        assert.equal(await page.locator("#why li").count(), 3);
      }
      await page.locator(`[name="${names[1]}"]`).fill("high");
      assert.match(await page.locator("#answer").textContent(), new RegExp(names[1]));
      assert.deepEqual(errors, []);
    });
  } finally {
    server.close();
  }
});

test("the Next app answers in a server component, in a client component and by REST", async () => {
  const cwd = await build("next");
  const server = spawn(process.execPath, ["node_modules/next/dist/bin/next", "start", "--port", "0", "--hostname", "127.0.0.1"], { cwd, env: environment });
  let said = "";
  try {
    const origin = await new Promise((resolve, reject) => {
      const hear = (text) => {
        said += text;
        const [found] = /http:\/\/127\.0\.0\.1:[1-9]\d*/.exec(said) ?? [];
        if (found && /Ready/.test(said)) resolve(found);
      };
      server.stdout.on("data", hear);
      server.stderr.on("data", hear);
      server.on("exit", () => reject(new Error(`next start ended: ${said}`)));
    });
    const html = await (await fetch(origin)).text();
    assert.ok(html.includes(`<output id="server">${example.probability}</output>`), html);
    const response = await post(origin, EXAMPLE);
    assert.deepEqual([response.status, await response.text()], [200, '{"prediction":0.10455212}']);
    assert.equal((await post(origin, "1,2")).status, 400);
    await inChromium(async (page, errors) => {
      page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
      await page.goto(origin, { waitUntil: "networkidle" });
      assert.equal(await page.locator("#client").textContent(), String(example.probability));
      await page.locator("#row").fill(other.data);
      assert.equal(await page.locator("#client").textContent(), String(other.probability));
      await page.locator("#row").fill("1,2");
      assert.match(await page.locator("#client").textContent(), /8 values/);
      assert.deepEqual(errors.filter((error) => !/favicon|404/.test(error)), []);
    });
  } finally {
    server.kill();
  }
});

test("the worker answers in workerd, in its own words and by REST", async () => {
  const place = await build("worker");
  // As wrangler bundles it.
  await run(tool("esbuild"), ["worker.js", "--bundle", "--format=esm", "--conditions=workerd", "--external:*.wasm", "--outfile=dist/worker.js"], { cwd: place });
  const { compatibility_date: date, main } = JSON.parse(readFileSync(path.join(place, "wrangler.jsonc"), "utf8"));
  assert.equal(main, "worker.js");
  const bundled = path.join(place, "dist");
  rmSync(path.join(bundled, "node_modules"), { force: true });
  symlinkSync("../node_modules", path.join(bundled, "node_modules"));
  await inWorkerd(bundled, "risk", ["wardian", "explain"], date, async (origin) => {
    for (const { data, probability } of [example, other]) {
      const response = await fetch(`${origin}/?row=${data}`);
      assert.deepEqual(Object.values(await response.json()), [probability]);
    }
    const refused = await fetch(`${origin}/?row=1,high`);
    assert.deepEqual([refused.status, (await refused.json()).code], [400, "wrong_field_count"]);
    assert.equal(await (await post(origin, EXAMPLE)).text(), '{"prediction":0.10455212}');
  });
});

test("the extension predicts in its popup and in its background, by the policy of its manifest", async () => {
  const place = await build("extension");
  const args = [...LAUNCH.args, `--disable-extensions-except=${place}`, `--load-extension=${place}`];
  const context = await chromium.launchPersistentContext("", { ...LAUNCH, args, ignoreDefaultArgs: ["--disable-extensions"] });
  try {
    const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent("serviceworker", { timeout: 20_000 }));
    const page = await context.newPage();
    const errors = [];
    page.on("pageerror", (error) => errors.push(error.message));
    await page.goto(new URL("../popup.html", worker.url()).href);
    for (const { data, probability } of [example, other]) {
      await page.locator("#row").fill(data);
      await page.waitForFunction((text) => ["here", "background"].every((id) => document.getElementById(id).value === text), String(probability), { timeout: 10_000 });
    }
    assert.deepEqual(errors, []);
  } finally {
    await context.close();
  }
});

/** Serves `examples/embed`, and from another origin a page that shows the same; hands over what a page's window and document hear of frames. */
async function embedded(ask) {
  const place = await build("embed");
  const elsewhere = await mkdtemp(path.join(await ownFolder(), "elsewhere-"));
  copyFileSync(path.join(place, "node_modules/risk/element.js"), path.join(elsewhere, "element.js"));
  const [own, foreign] = await Promise.all([serve(place, "/"), serve(elsewhere, "/")]);
  const around = `<!doctype html><script type="module" src="element.js"></script><wardian-case src="${own.url}risk.html"></wardian-case>`;
  writeFileSync(path.join(elsewhere, "index.html"), around);
  try {
    await inChromium(async (page, errors) => {
      await page.addInitScript(() => {
        globalThis.heard = [];
        for (const name of ["wardian-answer", "wardian-error"]) {
          document.addEventListener(name, ({ type, detail }) => globalThis.heard.push({ type, detail: structuredClone(detail) }));
        }
        addEventListener("message", ({ data }) => globalThis.heard.push({ type: "message", detail: data }));
      });
      await ask({ page, own, foreign, heard: () => page.evaluate(() => globalThis.heard) });
      assert.deepEqual(errors, []);
    });
  } finally {
    own.close();
    foreign.close();
  }
}

test("where there are no elements, as on a server, the element is imported and required, and does nothing", async () => {
  const cwd = await build("embed");
  const asked = ['import("risk/element").then(({ WardianCase }) => console.log(typeof WardianCase))', 'console.log(typeof require("risk/element").WardianCase)'];
  for (const code of asked) {
    assert.equal(await run("node", ["-e", code], { cwd }), "function\n");
  }
});

/** The sealed page's own example is typed into its form, and answered. */
async function fillIn(page) {
  const frame = page.frameLocator("iframe").first();
  await frame.locator("#example").click();
  await frame.locator(".foot").waitFor();
  return frame;
}

test("the element tells its page the answers, and is as high as what it shows", async () => {
  await embedded(async ({ page, own, heard }) => {
    await page.goto(`${own.url}element.html`);
    const height = () => page.locator("iframe").evaluate((frame) => [frame.clientHeight, frame.contentDocument.documentElement.scrollHeight]);
    await page.locator("iframe[title='Diabetes risk']").waitFor();
    const frame = await fillIn(page);
    await page.waitForFunction(() => globalThis.heard.length > 0);
    const [{ type, detail }] = await heard();
    assert.equal(type, "wardian-answer");
    assert.equal(detail.prediction, example.probability);
    assert.deepEqual(Object.values(detail.inputs), EXAMPLE.split(",").map(Number));
    assert.equal(await page.locator("#heard").textContent(), `${example.probability} for glucose 106`);
    await page.waitForFunction(() => {
      const inside = document.querySelector("wardian-case").shadowRoot.querySelector("iframe");
      return inside.contentDocument.querySelector(".waterfall") && inside.clientHeight === inside.contentDocument.documentElement.scrollHeight;
    });
    const [full] = await height();
    await frame.locator("input").first().fill("not a number");
    await page.waitForFunction(() => globalThis.heard.at(-1).detail === null);
    assert.equal(await page.locator("#heard").textContent(), "no answer");
    await page.waitForFunction((before) => document.querySelector("wardian-case").shadowRoot.querySelector("iframe").clientHeight < before, full);
    assert.equal((await heard()).length, 2);
  });
});

test("a plain frame's page hears the same, and a frame in a sandbox tells nothing", async () => {
  await embedded(async ({ page, own, heard }) => {
    await page.goto(`${own.url}iframe.html`);
    await fillIn(page);
    await page.waitForFunction(() => globalThis.heard.length > 0);
    assert.deepEqual((await heard()).map(({ type, detail }) => [type, detail.prediction]), [["wardian-answer", example.probability]]);
    await page.goto(`${own.url}iframe.html`);
    await page.locator("iframe").evaluate((frame) => {
      frame.sandbox = "allow-scripts";
      frame.src += "?in-a-sandbox";
    });
    await page.waitForFunction(() => document.querySelector("iframe").contentDocument === null);
    // The one before had told what it kept.
    await page.evaluate(() => globalThis.heard.splice(0));
    await fillIn(page);
    assert.deepEqual(await heard(), []);
  });
});

test("a page of another origin shows the sealed page, and hears nothing of what is typed", async () => {
  await embedded(async ({ page, foreign, heard }) => {
    await page.goto(foreign.url);
    await fillIn(page);
    assert.deepEqual((await heard()).map(({ type, detail }) => [type, detail.code]), [["wardian-error", "other_origin"]]);
  });
});

test("the element says what is no sealed page, and that a page cannot start", async () => {
  await embedded(async ({ page, own, heard }) => {
    await page.goto(`${own.url}element.html`);
    await page.evaluate(() => document.querySelector("wardian-case").setAttribute("src", "gone.html"));
    await page.waitForFunction(() => globalThis.heard.length > 0);
    assert.deepEqual((await heard()).map(({ detail }) => detail.code), ["not_a_case"]);
    await page.addInitScript(() => {
      for (const name of ["instantiate", "instantiateStreaming", "compile", "compileStreaming", "Module"]) {
        WebAssembly[name] = () => { throw new Error("no room"); };
      }
    });
    await page.goto(`${own.url}element.html`);
    await page.waitForFunction(() => globalThis.heard.length > 0);
    const [{ type, detail }] = await heard();
    assert.deepEqual([type, detail.code], ["wardian-error", "page_failed"]);
    assert.match(detail.message, /no room/);
  });
});
