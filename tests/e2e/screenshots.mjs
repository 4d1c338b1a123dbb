// Pictures of pages in their states, for looking at: cargo xtask screenshots. Of the shipped model's page all states, of a page of each other
// kind of answer those that any has. A second argument takes those alone whose name has it in it: node tests/e2e/screenshots.mjs <folder> example-390
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { LAUNCH } from "./browser.mjs";
import { casesIn } from "./kinds.mjs";
import { seal } from "./sealing.mjs";
import { serve } from "./serve.mjs";
import { OF_ANY_CASE, STATES } from "./states.mjs";

const LOOKS = ["light", "dark"].flatMap((colorScheme) => [390, 820, 1440].map((width) => ({ colorScheme, width })));
const output = path.resolve(process.argv[2]);
const wanted = process.argv[3] ?? "";
const browser = await chromium.launch(LAUNCH);
await mkdir(output, { recursive: true });

async function taken(folder, locales, states) {
  const server = await serve(folder, "/");
  for (const locale of locales) {
    for (const { colorScheme, width } of LOOKS) {
      for (const [state, enter] of Object.entries(states)) {
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
  await server.stop();
}

await taken(fileURLToPath(new URL("../../www/dist", import.meta.url)), ["en-GB", "zh-CN"], STATES);
if (process.env.WARDIAN_COMMAND !== undefined) {
  const made = await mkdtemp(path.join(tmpdir(), "wardian-screenshots-"));
  for (const [name, { of }] of Object.entries(casesIn(made))) {
    const states = Object.entries(OF_ANY_CASE).map(([state, enter]) => [`${name.replaceAll(" ", "-")}-${state}`, enter]);
    if (states.some(([state]) => LOOKS.some(({ width, colorScheme }) => `${state}-${width}-${colorScheme}-en`.includes(wanted)))) {
      await taken(seal(of(), path.join(made, name)), ["en-GB"], Object.fromEntries(states));
    }
  }
  await rm(made, { recursive: true });
}
await browser.close();
