/** A worker that plans files and scores parts of them. Messages are answered in turn; an error is part of an answer. */
import { loadSync, memoryBytes, shippedModel } from "wardian/wardian.js";
import { explainMany, loadExplainerSync } from "wardian/explain.js";
import { decimal } from "wardian/rest.js";
import { Rows } from "wardian/rows.js";
import { decimal64 } from "../../npm/model/decimal.js";
import { asCsv } from "../../npm/rows/foreign.js";
import { rowsOf } from "../kinds/rows.js";
import { PREVIEW_ROWS } from "./limits.js";
import { Scorer } from "./score.js";

let rows;
let plan;
let scorer;

/** How many bytes of text are one part of a blob. */
const BLOB_BYTES = 4_194_304;

const ANSWERS = {
  /** The CSV text of a workbook or of JSON lines, which `module` reads, as a blob: the browser's to keep, on disk where it is large. */
  async text({ file, module, sheet }) {
    const { chunks, sheets } = await asCsv(file.stream(), { sheets: () => module, lines: () => module }, { sheet });
    const parts = [];
    let [waiting, length] = [[], 0];
    for await (const chunk of chunks) {
      waiting.push(chunk);
      length += chunk.length;
      if (length >= BLOB_BYTES) {
        parts.push(new Blob(waiting));
        [waiting, length] = [[], 0];
      }
    }
    return { source: new Blob([...parts, ...waiting]), sheets };
  },

  /** How a file is read that begins so. `words` has other names and units of the features. */
  plan({ reader, features, words, start, isWhole, options }) {
    rows = new Rows(reader, features, words);
    plan = rows.plan(start, isWhole, options);
    return { plan, first: rows.firstRows(PREVIEW_ROWS) };
  },

  /** Makes ready to score it with the model in these bytes, or the one that the module has; answered with the line of names. */
  ready({ engine, explainer, bytes, page }) {
    loadSync(engine, bytes);
    if (explainer !== undefined) {
      loadExplainerSync(explainer, bytes);
    }
    const model = shippedModel();
    const answers = rowsOf(page, model.description);
    const hasReasons = explainer !== undefined;
    scorer = new Scorer({ rows, plan, model, answers, decimal: model.description.bits === 64 ? decimal64 : decimal, explainMany: hasReasons ? explainMany : undefined });
    return { names: rows.addColumns(answers.added, hasReasons) };
  },

  part({ bytes, ...options }) {
    const { text, ...result } = scorer.part(bytes, options);
    // A blob is the browser's to keep, on disk where it is large: the script's memory does not grow with the file.
    return { ...result, part: new Blob([text]), memory: memoryBytes() + rows.memoryBytes };
  },
};

addEventListener("message", async ({ data: { kind, ...message } }) => {
  const started = performance.now();
  try {
    const answer = await ANSWERS[kind](message);
    postMessage({ ...answer, busy: performance.now() - started });
  } catch ({ code, values, sheets, message: text }) {
    // An error loses its own properties on the way to another thread.
    postMessage({ error: { code, values, sheets, message: text } });
  }
});
