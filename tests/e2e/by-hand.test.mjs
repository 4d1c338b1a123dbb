// Who runs one file of these tests by hand is told what is missing, and what makes it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { LAUNCH } from "./browser.mjs";
import { serve } from "./serve.mjs";

test("a folder that is not built is named, and what builds it", async () => {
  const folder = fileURLToPath(new URL("../../www/not-built", import.meta.url));
  await assert.rejects(serve(folder, "/"), ({ message }) => message.startsWith(`${folder} is not there: cargo xtask build`));
});

test("a browser that is not named is asked for", (context) => {
  const { WARDIAN_BROWSER } = process.env;
  context.after(() => (WARDIAN_BROWSER === undefined ? delete process.env.WARDIAN_BROWSER : (process.env.WARDIAN_BROWSER = WARDIAN_BROWSER)));
  process.env.WARDIAN_BROWSER = "/a/browser";
  assert.equal({ ...LAUNCH }.executablePath, "/a/browser");
  delete process.env.WARDIAN_BROWSER;
  assert.throws(() => LAUNCH.executablePath, /WARDIAN_BROWSER=\/usr\/bin\/chromium/);
});
