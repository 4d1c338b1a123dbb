// The states of the page that are looked at and that axe judges, and how each is entered.
import { fileURLToPath } from "node:url";
import { golden } from "./golden.mjs";
import { NAMES } from "./module-cases.mjs";

/** What is fetched with the first answer, and any page has. */
const FETCHED = [".waterfall", ".curve", "#print"];

/** The example, answered; `parts` have come then. */
async function answered(page, parts) {
  await page.locator("#example").click();
  await Promise.all(parts.map((part) => page.locator(part).first().waitFor()));
}

const example = (page) => answered(page, [...FETCHED, "#interval"]);

async function place(page, name) {
  await page.locator(`#tab-${name}`).click();
  await page.locator(`#place-${name} .loading`).waitFor({ state: "detached" });
}

/** The golden rows less one column, with a row that cannot be read. */
const FILE = [NAMES, ...golden.map(({ data }) => data.split(",")), ["1", "abc", ...Array(6).fill("1")]].map((cells) => cells.toSpliced(4, 1).join(",")).join("\n");

async function columns(page) {
  await place(page, "rows");
  await page.locator("#rows-file").setInputFiles({ name: "women.csv", mimeType: "text/csv", buffer: Buffer.from(FILE) });
  await page.locator("#rows-confirm").waitFor();
}

async function scored(page) {
  await columns(page);
  await page.locator("#rows-confirm").click();
  await page.locator("#rows-reasons").check();
  await page.locator("#rows-score").click();
  await page.locator("input[value=first]").check();
}

/** A workbook of two sheets, which is asked about. */
async function sheets(page) {
  await place(page, "rows");
  await page.locator("#rows-file").setInputFiles(fileURLToPath(new URL("../cases/workbooks/several.xlsx", import.meta.url)));
  await page.locator("#rows-asked").waitFor();
}

/** The states of the page of any case with numbers to enter. */
export const OF_ANY_CASE = {
  empty: async () => {},
  example: (page) => answered(page, FETCHED),
  fault: async (page) => {
    await answered(page, FETCHED);
    const field = page.locator("input[inputmode=decimal]").first();
    await field.fill("1O6");
    await page.locator("[aria-invalid=true]").first().waitFor();
  },
  // Beyond what the training rows had, and the shape of a curve as a table.
  far: async (page) => {
    await answered(page, FETCHED);
    await page.locator("input[inputmode=decimal]").first().fill("999");
    await page.locator(".curve details").first().locator("summary").click();
  },
  rows: (page) => place(page, "rows"),
  scored: async (page) => {
    await place(page, "rows");
    await page.locator(".drop button").click();
    await page.locator("#rows-score:enabled").waitFor();
    // Answers of several numbers have none to give.
    if ((await page.locator("#rows-reasons").count()) > 0) {
      await page.locator("#rows-reasons").check();
    }
    await page.locator("#rows-score").click();
    await page.locator(".outcome").waitFor();
  },
  rest: async (page) => {
    await place(page, "rest");
    await page.locator("#console-send:enabled").click();
    await page.locator("#console-status strong").waitFor();
  },
  about: async (page) => {
    await place(page, "about");
    await page.locator("#selftest-run").click();
    await page.locator("#selftest-result .verdict").waitFor();
  },
};

/** Those of the shipped model's page. */
export const STATES = {
  empty: async () => {},
  example,
  fault: async (page) => {
    await example(page);
    await page.locator("#input-glucose").fill("1O6");
    await page.locator("#input-mass_index").fill("90");
  },
  grey: async (page) => {
    await example(page);
    await page.locator("#input-glucose").fill("150");
    await page.locator("#input-glucose-unit").selectOption("mmol/L");
    for (const name of ["serum_insulin", "skin_fold_thick", "blood_pressure"]) {
      await page.locator(`#input-${name}-absent`).check();
    }
    await page.locator("#input-age").fill("95");
    await page.locator("#unknown li").first().waitFor();
    await page.locator(".curve details").first().locator("summary").click();
  },
  rows: (page) => place(page, "rows"),
  columns,
  scored,
  refused: async (page) => {
    await scored(page);
    await page.locator("input[value=errors]").check();
  },
  sheets,
  sheet: async (page) => {
    await sheets(page);
    await page.locator("#rows-sheet").selectOption("Rows");
    await page.locator("#rows-score").waitFor();
  },
  misfit: async (page) => {
    await columns(page);
    const plan = JSON.stringify({ encoding: "utf-8", columns: [], missing: [] });
    await page.locator("#rows-plan").setInputFiles({ name: "plan.json", mimeType: "application/json", buffer: Buffer.from(plan) });
    await page.locator(".failure").waitFor();
  },
  rest: (page) => place(page, "rest"),
  about: async (page) => {
    await place(page, "about");
    await page.locator(".model-card").waitFor();
  },
};
