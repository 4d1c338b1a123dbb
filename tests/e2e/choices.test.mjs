// A category that training did not see, in the form of a page whose model answers one: chosen, or come by a link.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { hosted } from "./page.mjs";
import { seal } from "./sealing.mjs";

const folder = mkdtempSync(path.join(tmpdir(), "wardian-choices-"));
after(() => rmSync(folder, { recursive: true }));
const COLOURS = fileURLToPath(new URL("../golden/others/colours.catboost.json", import.meta.url));
before(() => seal(COLOURS, folder));
const host = hosted({ folder });

const SAID = "Training did not see it: the model has seen nothing like it.";

test("the form has a choice for it, with a word of warning, and an answer of the model's", async () => {
  const page = await host.open();
  await page.locator("#input-amount").fill("0.5");
  const [colour, headline] = [page.locator("#input-colour"), page.locator("#headline")];
  await colour.selectOption("green");
  assert.equal(await headline.textContent(), "2.191");
  assert.equal(await page.locator("#input-colour-message").textContent(), "");
  await colour.selectOption({ label: "Another, which training did not see" });
  assert.equal(await headline.textContent(), "0.299");
  assert.equal(await page.locator("#input-colour-message").textContent(), SAID);
  assert.match(await page.locator("#notes").textContent(), /^Outside the range seen in training: Colour\./);
  await page.locator("#why .reasons").waitFor();
  assert.match(await page.locator("#why").textContent(), /Another, which training did not see/);
});

test("one that a link names is shown by its name, and sent on", async () => {
  const page = await host.open({ at: "#v=1&amount=0.5&colour=Paris" });
  const colour = page.locator("#input-colour");
  await colour.locator("option", { hasText: "Paris" }).waitFor({ state: "attached" });
  assert.equal(await colour.inputValue(), "Paris");
  assert.equal(await page.locator("#headline").textContent(), "0.299");
  assert.equal(await page.locator("#input-colour-message").textContent(), SAID);
  // Chosen otherwise it is no more among the choices.
  await colour.selectOption("red");
  assert.equal(await page.locator("#headline").textContent(), "-1.028");
  assert.deepEqual(await colour.locator("option").allTextContents(), ["not measured", "blue", "green", "grey", "red", "Another, which training did not see"]);
});
