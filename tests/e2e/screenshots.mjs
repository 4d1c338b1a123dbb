// Pictures of the built page in its states, for looking at: cargo xtask screenshots
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { serve } from "./serve.mjs";

const output = path.resolve(process.argv[2]);
const server = await serve(fileURLToPath(new URL("../../www/dist", import.meta.url)), "/");
const browser = await chromium.launch({ executablePath: process.env.WARDIAN_BROWSER, args: ["--headless", "--no-sandbox"] });
await mkdir(output, { recursive: true });
const STATES = {
  empty: async () => {},
  example: (page) => page.getByRole("button", { name: "Example" }).click(),
  fault: async (page) => {
    await page.getByRole("button", { name: "Example" }).click();
    await page.locator("#glucose").fill("1O6");
    await page.locator("#mass_index").fill("90");
  },
  grey: async (page) => {
    await page.getByRole("button", { name: "Example" }).click();
    await page.locator("#glucose").fill("150");
    await page.locator("#serum_insulin").fill("");
    await page.locator("#age").fill("45");
  },
};
for (const colorScheme of ["light", "dark"]) {
  for (const width of [390, 820, 1440]) {
    for (const [state, enter] of Object.entries(STATES)) {
      const page = await browser.newPage({ colorScheme, viewport: { width, height: 900 } });
      await page.goto(server.url);
      await page.locator("#main").waitFor();
      await enter(page);
      await page.waitForTimeout(250);
      await page.screenshot({ path: path.join(output, `${state}-${width}-${colorScheme}.png`), fullPage: true });
      await page.close();
    }
  }
}
await browser.close();
server.close();
