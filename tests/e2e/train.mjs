// The module that trains, as a page's worker drives it.
import { readFileSync } from "node:fs";

const folder = new URL("../../target/glued-train/", import.meta.url);
const module = await import(new URL("train.js", folder).href);
module.initSync({ module: readFileSync(new URL("train_bg.wasm", folder)) });

export const { CrossValidation, Training } = module;

/** How many bytes a plan is made from, and come at a time. */
const START = 1 << 18;
const PART = 1 << 20;

/** A file's parts, given to what reads them. */
function each(bytes, reader) {
  for (let begin = 0; begin === 0 || begin < bytes.length; begin += PART) {
    reader.add(bytes.subarray(begin, begin + PART), begin + PART >= bytes.length);
  }
  return reader.finish();
}

/** What a file is. */
export const look = (bytes, options = []) => each(bytes, new module.Looking(bytes.subarray(0, START), bytes.length <= START, options));

/** The rows of a file. */
export function read(bytes, asked, options = []) {
  const seen = look(bytes, options);
  return each(bytes, new module.Reading(seen, bytes.subarray(0, START), bytes.length <= START, options, asked));
}

/** The bytes of a model. */
export function train(bytes, asked, growing = {}, options = []) {
  const training = new Training(read(bytes, asked, options), growing);
  while (training.step() < training.trees);
  return training.finish();
}
