// The README's two pictures, of what is built: a model that was dropped into the studio, and the page of one: cargo xtask screenshots --readme.
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { LAUNCH } from "./browser.mjs";
import { serve } from "./serve.mjs";
import { openModel, root } from "./studio.mjs";

/** As wide as both fit beside each other in a README, legibly, in pixels. */
const SIZE = { width: 1200, height: 900 };

const browser = await chromium.launch(LAUNCH);
const server = await serve(fileURLToPath(new URL("../../www/dist", import.meta.url)), "/");

async function picture(name, address, enter) {
  const page = await browser.newPage({ colorScheme: "light", locale: "en-GB", viewport: SIZE });
  await page.goto(server.url + address);
  await enter(page);
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: path.join(root, "docs", name), clip: { x: 0, y: 0, ...SIZE } });
  await page.close();
}

await picture("studio.png", "studio/index.html", async (page) => {
  await page.locator("#main").waitFor();
  await openModel(page, path.join(root, "models/petal/petal.lightgbm.txt"));
  await page.frameLocator("iframe").locator("#example").click();
  await page.frameLocator("iframe").locator(".waterfall").waitFor();
  await page.evaluate(() => scrollTo(0, 0));
});
await picture("page.png", "", async (page) => {
  await page.locator("#example").click();
  await page.locator(".waterfall").waitFor();
});
await server.stop();
await browser.close();
