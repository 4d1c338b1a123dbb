/** What this package tells of an answer beside its number: imported by the first request that asks for it. */
import { certainty } from "../case/measured.js";
import { observed } from "../case/observed.js";
import { readyToExplain } from "../inside/inside-explain.js";
import { explain } from "../model/explain.js";
import { room } from "../model/wardian.js";
import { whyOf } from "./why.js";

const made = new WeakMap();

/** What a function makes of a model, made once. */
const once = (of) => (model) => {
  if (!made.has(model)) {
    made.set(model, of(model));
  }
  return made.get(model);
};

/** What tells more of the answers of any model: of its case nothing is known here. */
export const whyOfAny = once((model) => whyOf({ model, explain: (row) => model.explain(row), room }));

/** And of this package's own. */
export const whyOfOwn = once((model) => {
  if (model.explain) {
    return whyOf({ model, explain: (row) => model.explain(row), certainty, observed, room });
  }
  readyToExplain();
  return whyOf({ model, explain, certainty, observed, room });
});
