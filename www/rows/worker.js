/** A worker that plans files and scores parts of them. Messages are answered in turn; an error is part of an answer. */
import { loadSync, memoryBytes, shippedModel } from "wardian/wardian.js";
import { explainMany, loadExplainerSync } from "wardian/explain.js";
import { Rows } from "wardian/rows.js";
import words from "../../models/diabetes/columns.json";
import { PREVIEW_ROWS } from "./limits.js";
import { ADDED, Scorer } from "./score.js";

let rows;
let plan;
let scorer;

const ANSWERS = {
  /** How a file is read that begins so. */
  plan({ reader, features, start, isWhole, options }) {
    rows = new Rows(reader, features, words);
    plan = rows.plan(start, isWhole, options);
    return { plan, first: rows.firstRows(PREVIEW_ROWS) };
  },

  /** Makes ready to score it; answered with the line of names. */
  ready({ engine, explainer }) {
    loadSync(engine);
    if (explainer !== undefined) {
      loadExplainerSync(explainer);
    }
    scorer = new Scorer(rows, plan, shippedModel(), explainer && explainMany);
    return { names: rows.addColumns(ADDED, explainer !== undefined) };
  },

  part({ bytes, ...options }) {
    const { text, ...result } = scorer.part(bytes, options);
    // A blob is the browser's to keep, on disk where it is large: the script's memory does not grow with the file.
    return { ...result, part: new Blob([text]), memory: memoryBytes() + rows.memoryBytes };
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
