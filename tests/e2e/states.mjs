// The states of the page that are looked at and that axe judges, and how each is entered.

/** What is fetched with the first answer has come. */
const answered = (page) => Promise.all(["#interval", ".waterfall", ".curve", "#print"].map((part) => page.locator(part).first().waitFor()));

async function example(page) {
  await page.locator("#example").click();
  await answered(page);
}

async function place(page, name) {
  await page.locator(`#tab-${name}`).click();
  await page.locator(`#place-${name} .loading`).waitFor({ state: "detached" });
}

export const STATES = {
  empty: async () => {},
  example,
  fault: async (page) => {
    await example(page);
    await page.locator("#glucose").fill("1O6");
    await page.locator("#mass_index").fill("90");
  },
  grey: async (page) => {
    await example(page);
    await page.locator("#glucose").fill("150");
    await page.locator("#glucose-unit").selectOption("mmol/L");
    for (const name of ["serum_insulin", "skin_fold_thick", "blood_pressure"]) {
      await page.locator(`#${name}-absent`).check();
    }
    await page.locator("#age").fill("95");
    await page.locator(".curve details").first().locator("summary").click();
  },
  rows: (page) => place(page, "rows"),
  rest: (page) => place(page, "rest"),
  about: async (page) => {
    await place(page, "about");
    await page.locator(".model-card").waitFor();
  },
};
