/** What rows with labels tell of a model, and its curves: `wardian/measure`, whose module is loaded when it is first asked. */
import start, { Measuring } from "./measuring.js";
import { at, baseOf, checkOptions, fault, room } from "../model/wardian.js";

let starting;

/** The module, from beside this script. */
async function started() {
  const files = globalThis.process?.getBuiltinModule?.("node:fs");
  try {
    // Node's `fetch` reads no files.
    starting ??= start(files && { module_or_path: files.readFileSync(new URL("./measuring_bg.wasm", import.meta.url)) });
    await starting;
  } catch (error) {
    starting = undefined;
    throw new Error(`measuring_bg.wasm is not beside this script (${error.message}): keep wardian out of the bundle, or copy the file there; its README says how, under "Recipes"`);
  }
}

/** A model's file: its own copy, or that which the module has inside, which says how long it is behind its first eight bytes. */
function bytesOf({ bytes, module }) {
  if (bytes !== undefined) {
    return bytes;
  }
  // The SHA-256 in 64 digits comes first.
  const address = module.shipped() + 64;
  const head = at(Uint8Array, address, 12, module);
  return at(Uint8Array, address, new DataView(head.buffer, head.byteOffset).getUint32(8, true), module);
}

const measured = new WeakMap();
/** What measures a model: opened once. */
async function measuring(model) {
  if (!(model?.module && model.predictMany)) {
    throw fault("wrong_type", undefined, "a model is due: new Model(bytes), or new Model() for this package's own");
  }
  await started();
  if (!measured.has(model)) {
    measured.set(model, new Measuring(bytesOf(model)));
  }
  return measured.get(model);
}

/** What was seen, as text; nothing where there is none. */
function textsOf(values, name, count) {
  if (values?.length !== count || typeof values === "string") {
    throw fault("wrong_type", undefined, `${name}: an array of one for each of the ${count} rows is due`);
  }
  return Array.from(values, (value) => (value === null || value === undefined ? "" : String(value)));
}

/** How good and how sure a model's answers to rows are, by what was then seen: `{ figures, certainty, notKnown, notes }`. */
export async function judge(model, rows, labels, options = {}) {
  checkOptions(options, ["kind", "group", "groups", "threshold", "baseMargin", "codes"]);
  const { kind, group, groups, threshold, ...ofRows } = options;
  const own = await measuring(model);
  const answers = model.predictMany(rows, ofRows);
  const count = answers.length / model.description.predictions;
  const { not_known: notKnown, certainty, ...said } = own.judged(
    Float64Array.from(answers),
    textsOf(labels, "labels", count),
    groups === undefined ? [] : textsOf(groups, "groups", count),
    { kind, threshold, group: groups === undefined ? undefined : (group ?? "group") },
  );
  return { ...said, certainty: certainty ?? undefined, notKnown: notKnown ?? undefined };
}

/** How good they are alone: what a `case.json` has as `figures`. */
export const figures = async (model, rows, labels, options) => (await judge(model, rows, labels, options)).figures;

/** The predictions for one row as one feature takes every value that makes a difference: `{ steps, missing }`. */
export async function curve(model, input, feature, options = {}) {
  checkOptions(options, ["points", "baseMargin", "codes"]);
  const { points = 1000, ...ofRow } = options;
  const own = await measuring(model);
  const { features, outputs, predictions } = model.description;
  model.predict(input, ofRow);
  // The row is still in the room, missing codes and all.
  const row = Float64Array.from(room(features.length, model.module, model.Values).subarray(0, features.length));
  const told = own.curve(row, baseOf(ofRow, outputs) ?? new Float32Array(), String(feature), points);
  const of = (place) => (predictions === 1 ? told[place] : Array.from(told.subarray(place, place + predictions)));
  const width = 3 + predictions;
  const steps = Array.from({ length: (told.length - predictions) / width }, (_, step) => {
    const [from, to, value] = told.subarray(step * width, step * width + 3);
    return { from, to, value, prediction: of(step * width + 3) };
  });
  return { steps, missing: of(told.length - predictions) };
}
