// Links: what they hold comes back, whatever the features are called.
import assert from "node:assert/strict";
import { test } from "node:test";
import { emptyEntry } from "../../www/person/entries.js";
import { fromFragment, toFragment } from "../../www/person/share.js";

const featureOf = (name, more = {}) => ({ name, unit: "", units: [], categories: [], mayBeMissing: false, ...more });
const entered = (features, texts) => Object.fromEntries(features.map((feature, place) => [feature.name, { ...emptyEntry(feature), text: texts[place], absent: false }]));

test("a feature that is called as the version is", () => {
  for (const features of [[featureOf("v"), featureOf("w")], [featureOf("w"), featureOf("v")], [featureOf("v", { categories: ["1", "2"] }), featureOf("w")]]) {
    const fragment = toFragment(features, entered(features, ["2", "1"]), false);
    const entries = fromFragment(features, fragment, false);
    assert.deepEqual(features.map(({ name }) => entries[name].text), ["2", "1"], fragment);
  }
});

test("what is none of ours", () => {
  const features = [featureOf("w")];
  assert.equal(fromFragment(features, "#w=1", false), undefined);
  for (const fragment of ["#v=2&w=1", "#v=1&v=1&w=1", "#v=1&w=1&w=1", "#v=1&x=1", "#v=1&w=one"]) {
    assert.equal(fromFragment(features, fragment, false), null, fragment);
  }
  assert.equal(fromFragment(features, "#w=3&v=1", false).w.text, "3");
});

test("a category that training did not see, where the model answers one", () => {
  const features = [featureOf("ward", { categories: ["a", "b"], takesUnseen: true }), featureOf("other", { categories: ["a", "b"] })];
  const entries = fromFragment(features, toFragment(features, entered(features, ["c, of the new house", "c"]), false), false);
  assert.deepEqual([entries.ward.text, entries.other.text], ["c, of the new house", ""]);
  assert.equal(fromFragment(features, "#v=1&other=c", false), null);
});
