// Cases of every kind of answer, with hostile texts and with many features, for their pages to be tested and looked at.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ofRepository } from "./sealing.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Text that would run if it were taken for HTML, or be seen elsewhere than where it is. */
const HOSTILE = '"><img src=x onerror="document.title=1"><script>document.title=2</script>&amp; \u202e 😀 שלום';
/** Names that objects have of their own, that are HTML, that are written from right to left, and one that is too long for any line. */
const NAMES = ["__proto__", HOSTILE, "constructor", "n".repeat(1000)];

/** A case in a folder of its own: the model, and what `case.json` says. */
function caseIn(folder, name, model, said, change = (text) => text) {
  const own = path.join(folder, `${name}-case`);
  mkdirSync(own);
  writeFileSync(path.join(own, "model.json"), change(readFileSync(path.join(root, "tests/golden", model), "utf8")));
  writeFileSync(path.join(own, "case.json"), JSON.stringify({ model: "model.json", ...said }));
  return own;
}

function renamed(text) {
  const model = JSON.parse(text);
  model.learner.feature_names = NAMES;
  return JSON.stringify(model);
}

const HOSTILE_CASE = {
  title: HOSTILE,
  outcome: HOSTILE,
  features: NAMES.map((name) => ({ name, label: HOSTILE + name, help: HOSTILE, group: HOSTILE, unit: HOSTILE.slice(0, 30) })),
  words: { "app.lede": HOSTILE, "app.notice": HOSTILE },
  card: { title: HOSTILE, limits: [HOSTILE], other_words: HOSTILE, performance: { columns: [HOSTILE, "b"], rows: [[HOSTILE, 1]] }, groups: { age: "none" }, calibration: 3 },
};

/** A case of each kind, made in `folder` when it is asked for: where it is, and the columns that a file gets. */
export const casesIn = (folder) => ({
  petal: { of: () => ofRepository("petal"), added: ["prediction"] },
  wine: { of: () => ofRepository("wine"), added: ["class", "probability_barbera", "probability_barolo", "probability_grignolino"] },
  count: { of: () => caseIn(folder, "count", "counts.json", {}), added: ["prediction"] },
  time: { of: () => caseIn(folder, "time", "counts.json", { kind: "time" }), added: ["prediction"] },
  hazard: { of: () => caseIn(folder, "hazard", "counts.json", { kind: "hazard" }), added: ["prediction"] },
  score: { of: () => caseIn(folder, "score", "versions/2.1.4/raw.json", {}), added: ["prediction"] },
  targets: { of: () => caseIn(folder, "targets", "vector_leaves.json", {}), added: ["prediction_0", "prediction_1", "prediction_2"] },
  "largest class": { of: () => caseIn(folder, "largest", "largest_class.json", {}), added: ["class"] },
  "many features": { of: () => caseIn(folder, "many", "many_features.json", {}), added: ["probability"] },
  hostile: { of: () => caseIn(folder, "hostile", "classes.json", HOSTILE_CASE, renamed), added: ["class", "probability_0", "probability_1", "probability_2"] },
});
