// The main journeys of the readers of the other cases' pages in Firefox and WebKit: of one as a folder, of one as a single file.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import Papa from "papaparse";
import { ofRepository, seal } from "../sealing.mjs";
import { serve } from "../serve.mjs";
import { NAMES, start } from "./driver.mjs";
import { reader } from "./reader.mjs";

const folder = mkdtempSync(path.join(tmpdir(), "wardian-engines-"));
after(() => rmSync(folder, { recursive: true }));

/** For a case how its page is opened, where a value is changed to what, and the columns that its trainer has answered. */
const CASES = {
  petal: {
    opened: async () => {
      const page = path.join(folder, "petal.html");
      execFileSync(process.env.WARDIAN_COMMAND, ["seal", ofRepository("petal"), "-o", page], { stdio: "pipe" });
      return { url: pathToFileURL(page).href, origin: "file:" };
    },
    changed: ["petal_width", "2.3"],
    answers: ["prediction"],
    trainer: "LightGBM",
  },
  wine: {
    opened: () => serve(seal(ofRepository("wine"), path.join(folder, "wine")), "/some/base/"),
    changed: ["proline", "1300"],
    answers: ["barbera", "barolo", "grignolino"],
    trainer: "scikit-learn",
  },
};

/** A case's rows, and what its trainer has answered to each. */
function golden(name, answers) {
  const { data, meta } = Papa.parse(readFileSync(path.join(ofRepository(name), "golden.csv"), "utf8"), { header: true, skipEmptyLines: true });
  const features = meta.fields.slice(0, meta.fields.indexOf(answers[0]));
  return { file: Papa.unparse(data, { columns: features }), answers: data.map((row) => answers.map((answer) => Number(row[answer]))) };
}

for (const engine of NAMES) {
  describe(engine, { timeout: 300_000 }, () => {
    let browser;
    before(async () => {
      browser = await start(engine);
    });
    after(() => browser?.end());

    for (const [name, { opened, changed, answers, trainer }] of Object.entries(CASES)) {
      test(`${name}: form, result, why, what if, a file of rows, self-test`, async () => {
        const { becomes, has, open, place, press, quiet, scored, shown, text, write } = reader(browser.driver);
        const page = await opened();
        try {
          await open(page.url);
          await press("#example");
          const first = await text("#result");
          assert.notEqual(first.trim(), "");
          await shown(".waterfall");
          await shown(".curve");
          const [feature, value] = changed;
          await write(`#input-${feature}`, value);
          await becomes(async () => (await text("#result")) !== first, `${feature} of ${value} changes nothing`);

          const asked = golden(name, answers);
          const { data } = Papa.parse(await scored(asked.file), { header: true, skipEmptyLines: true });
          const columns = answers.length === 1 ? answers : answers.map((answer) => `probability_${answer}`);
          assert.deepEqual(data.map((row) => columns.map((column) => Number(row[column]))), asked.answers);

          await place("about");
          await press("#selftest-run");
          await becomes(() => has("#selftest-result .verdict, #selftest-result .failure"), "the self-test says nothing");
          const verdict = await text("#selftest-result");
          const count = asked.answers.length;
          assert.ok(verdict.startsWith(`${count} of ${count} identical to ${trainer}`), verdict);
          await quiet(page.origin);
        } finally {
          await page.stop?.();
        }
      });
    }
  });
}
