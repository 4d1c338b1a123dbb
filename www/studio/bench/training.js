/** Training, in the studio's worker: its module is started when somebody wants it. What is done is what `wardian train` does. */
import { CrossValidation, Looking, Reading, Training, initSync } from "wardian/train.js";

/** How many bytes tell what a file is. */
const START = 2 ** 18;
/** Folds of the cross-validation. */
const FOLDS = 5;

/** The file as it is read, and what was seen of it. */
let text;
let look;
let rows;

/** Options of reading as the module takes them: of a text that was made of a workbook they are known. */
const optionsOf = ({ delimiter, decimal, encoding }) => Object.entries({ delimiter, decimal, encoding }).filter(([, value]) => value !== undefined);

const start = () => text.bytes.subarray(0, START);
const isWhole = () => text.bytes.length <= START;

/** All of the file through a reader, part by part. */
function through(reader) {
  for (let from = 0; from < text.bytes.length; from += 2 ** 20) {
    reader.add(text.bytes.subarray(from, from + 2 ** 20), from + 2 ** 20 >= text.bytes.length);
  }
  if (text.bytes.length === 0) {
    reader.add(text.bytes, true);
  }
  return reader.finish();
}

export const begin = (module) => initSync({ module });

/** Looks at a file's columns. */
export function lookAt(given) {
  text = given;
  rows = undefined;
  look = through(new Looking(start(), isWhole(), optionsOf(text)));
  return look.told();
}

/** Reads the rows, with a label. */
export function readRows(asked) {
  rows = through(new Reading(look, start(), isWhole(), optionsOf(text), asked));
  return rows.told();
}

/**
 * Validates, then trains on all rows; `tell` hears how much of it all is done, from 0 to 1. `answers` and `labels` are those of the validation:
 * each row's by a model that was not trained on it.
 */
export function train(options, tell) {
  const validation = new CrossValidation(rows, options, FOLDS);
  const training = new Training(rows, options);
  const all = validation.trees + training.trees;
  let done = 0;
  for (const [task, trees] of [[validation, validation.trees], [training, training.trees]]) {
    const before = done;
    do {
      done = before + task.step();
      tell(done / all);
    } while (done < before + trees);
  }
  const { figures, isBinary, folds, answers, labels } = validation.finish();
  return { figures, isBinary, folds: folds.length, answers, labels, bytes: training.finish() };
}
