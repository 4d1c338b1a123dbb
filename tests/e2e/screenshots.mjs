// Pictures of the built page in its states, for looking at: cargo xtask screenshots. A second argument takes those alone
// whose name has it in it: node tests/e2e/screenshots.mjs <folder> example-390
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { LAUNCH } from "./browser.mjs";
import { serve } from "./serve.mjs";
import { STATES } from "./states.mjs";

const output = path.resolve(process.argv[2]);
const wanted = process.argv[3] ?? "";
const server = await serve(fileURLToPath(new URL("../../www/dist", import.meta.url)), "/");
const browser = await chromium.launch(LAUNCH);
await mkdir(output, { recursive: true });
for (const locale of ["en-GB", "zh-CN"]) {
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [390, 820, 1440]) {
      for (const [state, enter] of Object.entries(STATES)) {
        const name = `${state}-${width}-${colorScheme}-${locale.slice(0, 2)}`;
        if (name.includes(wanted)) {
          const page = await browser.newPage({ colorScheme, locale, viewport: { width, height: 900 } });
          await page.goto(server.url);
          await page.locator("#main").waitFor();
          await enter(page);
          await page.waitForTimeout(250);
          await page.screenshot({ path: path.join(output, `${name}.png`), fullPage: true });
          await page.close();
        }
      }
    }
  }
}
await browser.close();
server.close();
