// Draws the PNG icons from www/icon.svg, when it changes: WARDIAN_BROWSER=/usr/bin/chromium node xtask/page/icons.mjs
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { root, www } from "./bundle.mjs";

const { chromium } = createRequire(path.join(root, "tests/e2e/package.json"))("playwright-core");
const { LAUNCH } = await import(path.join(root, "tests/e2e/browser.mjs"));
const image = `data:image/svg+xml;base64,${readFileSync(path.join(www, "icon.svg")).toString("base64")}`;
const browser = await chromium.launch(LAUNCH);
// A maskable icon is cut to any shape: what matters stays within the middle four fifths, on a ground of its own.
for (const [name, size, share, ground] of [["icon-192", 192, 1, "transparent"], ["icon-512", 512, 1, "transparent"], ["icon-maskable-512", 512, 0.62, "#f4f5f0"]]) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<body style="margin:0;display:grid;place-items:center;height:100vh;background:${ground}"><img src="${image}" style="width:${share * 100}%">`);
  await page.screenshot({ path: path.join(www, `${name}.png`), omitBackground: true });
  await page.close();
}
await browser.close();
