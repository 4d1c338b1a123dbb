// How sure an answer is, as JavaScript says it: the bits that Rust says.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { intervalOf } from "../../npm/model/sure.js";

const { levels, documents } = JSON.parse(readFileSync(new URL("../certainty/said.json", import.meta.url), "utf8"));

/** What is said, as the golden file has it. */
const written = ({ low, high, merged, outside, classes }) => classes ?? (merged === undefined ? [low, high] : [low, high, merged, outside]);

for (const { certainty, asked } of documents) {
  const kind = ["intervals", "risk", "sets"].find((name) => certainty[name] !== undefined);
  test(`${kind} are those of Rust`, () => {
    assert.ok(asked.length >= 60);
    for (const { answer, said } of asked) {
      const given = answer.length === 1 ? answer[0] : answer;
      assert.deepEqual(levels.map((level) => written(intervalOf(certainty, given, { level }))), said);
      assert.deepEqual(intervalOf(certainty, { prediction: given }), intervalOf(certainty, given, { level: 90 }), "an answer as predict gives it");
      assert.deepEqual(answer.length === 1 ? intervalOf(certainty, given) : intervalOf(certainty, Float64Array.from(given)), intervalOf(certainty, given));
    }
  });
}

test("what is not known is nothing", () => {
  const [numbers, risks, classes] = documents.map(({ certainty }) => certainty);
  for (const nothing of [
    intervalOf(undefined, 1),
    intervalOf({}, 1),
    intervalOf(numbers, 1, { level: 85 }),
    intervalOf(numbers, [1, 2]),
    intervalOf(risks, [0.1, 0.9]),
    intervalOf(classes, 0.3),
    intervalOf(classes, [0.1, 0.9], { level: 1 }),
    intervalOf(classes, undefined),
  ]) {
    assert.equal(nothing, undefined);
  }
});
