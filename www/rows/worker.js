/** A worker that looks at files and scores blocks of them. Messages are answered in turn; an error is part of an answer. */
import { loadSync, memoryBytes, shippedModel } from "wardian/wardian.js";
import { explainMany, loadExplainerSync } from "wardian/explain.js";
import { decimal } from "wardian/rest.js";
import { inspect } from "./inspect.js";
import { Scorer, textOf } from "./score.js";

let scorer;

const ANSWERS = {
  inspect: ({ bytes, size }) => ({ table: inspect(bytes, size) }),

  /** Makes ready to score; answered with the line of names, if there are to be any. */
  plan({ engine, explainer, plan, names }) {
    loadSync(engine);
    if (plan.reasons) {
      loadExplainerSync(explainer);
    }
    scorer = new Scorer(plan, { model: shippedModel(), decimal, explainMany });
    return { header: names === undefined ? "" : scorer.header(names) };
  },

  block({ bytes, ...options }) {
    const { text, ...result } = scorer.block(textOf(bytes), options);
    // A blob is the browser's to keep, on disk where it is large: the script's memory does not grow with the file.
    return { ...result, part: new Blob([text]), memory: memoryBytes() };
  },
};

addEventListener("message", ({ data: { kind, ...message } }) => {
  const started = performance.now();
  try {
    const answer = ANSWERS[kind](message);
    postMessage({ ...answer, busy: performance.now() - started });
  } catch ({ code, values, message: text }) {
    // An error loses its own properties on the way to another thread.
    postMessage({ error: { code, values, message: text } });
  }
});
