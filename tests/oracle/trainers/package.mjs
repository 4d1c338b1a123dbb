// The npm package beside other trainers: node tests/oracle/trainers/package.mjs <package> <folder of models>. Each model that the
// oracle has trained is read by the package's own converter, and asked for all rows at once, for some one by one, and in a table of
// names: the bits must be the trainer's. Prints what was compared; exits with 1 if anything differs.
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [folder, models] = process.argv.slice(2).map((name) => path.resolve(name));
const from = (name) => import(pathToFileURL(path.join(folder, name)).href);
const { Model } = await from("index.js");
const { convert, inspect } = await from("converter.js");

/** So many rows are asked one by one. */
const ALONE = 25;

/** Numbers in a file beside the facts; nothing where there is none. */
function numbers(name, Numbers) {
  let bytes;
  try {
    bytes = readFileSync(name);
  } catch {
    return undefined;
  }
  return new Numbers(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

const bitsOf = (values) => (values instanceof Float64Array ? new BigUint64Array(values.buffer, values.byteOffset, values.length) : new Uint32Array(values.buffer, values.byteOffset, values.length));

/** How far apart two numbers of one type are, in units of the last place. */
function distance(ours, theirs, Numbers) {
  if (Object.is(ours, theirs) || (Number.isNaN(ours) && Number.isNaN(theirs))) {
    return 0;
  }
  const [one, other] = bitsOf(Numbers.of(ours, theirs));
  const apart = Number(one > other ? one - other : other - one);
  return Math.sign(ours) === Math.sign(theirs) ? Math.max(1, apart) : Infinity;
}

/**
 * The rows as the model takes them, of a trainer that is given columns by name: those that the model has, with its codes for
 * categories. `raw_rows` in `tests/trainers.rs` is the same.
 */
function rawRows(facts, rows, { features }) {
  const { raw_columns: columns, raw_categories: texts } = facts;
  if (columns === undefined) {
    return rows;
  }
  const places = features.map(({ name }) => columns.indexOf(name));
  const isCategory = { False: (value) => value === 0, True: (value) => value === 1 };
  const code = ({ categories }, names, value) => {
    if (Number.isNaN(value) || (!names && categories.length === 0)) {
      return value;
    }
    const is = names ? (category) => category === names[value] : (category) => isCategory[category]?.(value) ?? Number(category) === value;
    const place = categories.findIndex(is);
    return place < 0 ? categories.length : place;
  };
  const count = rows.length / columns.length;
  const raw = new Float64Array(count * features.length);
  for (let row = 0; row < count; row += 1) {
    features.forEach((feature, index) => {
      const place = places[index];
      raw[row * features.length + index] = code(feature, texts[place], rows[row * columns.length + place]);
    });
  }
  return raw;
}

const count = { models: 0, margins: 0, answers: 0, alone: 0, different: 0 };
const failures = [];

function compare(name, what, ours, theirs, allowed = 0) {
  if (ours.constructor !== theirs.constructor || ours.length !== theirs.length) {
    failures.push(`${name}: ${ours.length} ${what} in a ${ours.constructor.name}, theirs are ${theirs.length} in a ${theirs.constructor.name}`);
    return;
  }
  let different = 0;
  let first;
  for (let index = 0; index < ours.length; index += 1) {
    if (distance(ours[index], theirs[index], ours.constructor) > allowed) {
      different += 1;
      first ??= index;
    }
  }
  if (different > 0) {
    count.different += different;
    failures.push(`${name}: ${different} of ${ours.length} ${what} differ, the first is ${ours[first]}, theirs ${theirs[first]}`);
  }
}

const files = readdirSync(models, { recursive: true }).filter((name) => name.endsWith(".json"));
for (const file of files.sort()) {
  const place = path.join(models, file);
  const facts = JSON.parse(readFileSync(place, "utf8"));
  if (facts.model === undefined) {
    continue;
  }
  const beside = (extension, Numbers) => numbers(place.replace(/json$/, extension), Numbers);
  const Answers = facts.precision === "f64" ? Float64Array : Float32Array;
  try {
    const model = new Model(await convert(readFileSync(path.join(path.dirname(place), facts.model)), { onNote() {} }));
    const { link } = await inspect(readFileSync(path.join(path.dirname(place), facts.model)));
    if (!link.startsWith(model.description.link)) {
      failures.push(`${file}: the link is ${link}, here ${model.description.link}`);
    }
    const rows = rawRows(facts, beside("rows", Float64Array), model.description);
    const [margins, answers] = [beside("margins", Answers), beside("answers", Answers)];
    const ours = model.predictMany(rows, { codes: true });
    if (margins !== undefined) {
      compare(file, "margins", model.marginsMany(rows, { codes: true }), margins);
      count.margins += margins.length;
    }
    if (answers !== undefined) {
      compare(file, "answers", ours, answers, facts.exact_answers === false ? 1 : 0);
      count.answers += answers.length;
    }
    const { length: width } = model.description.features;
    const each = model.description.predictions;
    const alone = Math.min(ALONE, rows.length / width);
    const one = Array.from({ length: alone }, (_, row) => model.predict(rows.subarray(row * width, (row + 1) * width), { codes: true }).prediction).flat();
    compare(file, "answers to rows alone", ours.constructor.from(one), ours.subarray(0, alone * each));
    count.alone += alone;
    count.models += 1;
    model.free();
  } catch (error) {
    failures.push(`${file}: ${error.message}`);
  }
}
const { models: asked, margins, answers, alone, different } = count;
console.log(`seen others: the npm package: ${asked} models, ${margins} raw scores, ${answers} answers, ${alone} rows alone: ${different} different`);
failures.slice(0, 20).forEach((failure) => console.error(failure));
process.exit(failures.length > 0 || asked === 0 ? 1 : 0);
