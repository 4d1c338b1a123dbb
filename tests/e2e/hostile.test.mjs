// Inputs and model files that are wrong in some way: each is refused by a `WardianError`, and nothing is kept of it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { example } from "./golden.mjs";
import { hostileInputs, hostileModels } from "./hostile.mjs";
import { script, shippedModel } from "./package.mjs";

const CODES = ["empty_input", "not_a_number", "not_finite", "unknown_field", "wrong_field_count", "wrong_type"];
const INPUTS = 10_000;
const MODELS = 2_000;

/** The error that `action` throws, which must be one of ours. */
function refusal(action, what) {
  try {
    action();
  } catch (error) {
    assert.ok(error instanceof Error && error.name === "WardianError" && error.message !== "", `${String(error.stack)}: ${what}`);
    return error;
  }
  assert.fail(`answered: ${what}`);
}

/** An input as it shows in a message. */
const shown = (input) => (typeof input === "object" ? Object.entries(input ?? {}).map(([name, value]) => `${name}: ${String(value)}`).join(", ") : String(input));

test(`${INPUTS} malformed inputs are refused, each with a code and the field that it has`, async () => {
  const model = await shippedModel();
  const { memoryBytes } = await script("wardian.js");
  const names = model.description.features.map(({ name }) => name);
  model.predict(example.data);
  const before = memoryBytes();
  const codes = new Set();
  for (const input of hostileInputs(names, INPUTS)) {
    const { code, field } = refusal(() => model.predict(input), shown(input));
    assert.ok(CODES.includes(code), `${code}: ${shown(input)}`);
    assert.ok(field === undefined || names.includes(field) || code === "unknown_field", `${field}: ${shown(input)}`);
    codes.add(code);
  }
  assert.deepEqual([...codes].sort(), CODES);
  assert.equal(memoryBytes(), before);
  assert.equal(model.predict(example.data).prediction, example.probability);
});

test(`${MODELS} broken model files are refused`, async () => {
  const model = await shippedModel();
  const { Model, memoryBytes } = await script("wardian.js");
  const bytes = new Uint8Array(readFileSync(new URL("../golden/classes.wardian", import.meta.url)));
  assert.throws(() => new Model(new Uint8Array(0)), { code: "invalid_model" });
  new Model(bytes).free();
  let before;
  for (const spoilt of hostileModels(bytes, MODELS)) {
    if (spoilt.length !== bytes.length || spoilt.some((byte, index) => byte !== bytes[index])) {
      refusal(() => new Model(spoilt), `${spoilt.length} bytes`);
    }
    before ??= memoryBytes();
  }
  assert.equal(memoryBytes(), before);
  assert.equal(model.predict(example.data).prediction, example.probability);
});
