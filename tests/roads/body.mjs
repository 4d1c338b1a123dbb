// What JavaScript answers for each model, in digests: `tests/roads/src/answer.rs` in Node's and the browsers' terms. Nothing
// is imported here, so that a browser can take the file as it is.

/** The SHA-256 of an array's bytes; `turned`, with one bit of them turned. */
async function digest(array, turned) {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength).slice();
  if (turned) {
    bytes[Math.floor(bytes.length / 2)] ^= 1;
  }
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function digests(answers, turned) {
  const told = {};
  for (const [kind, answer] of Object.entries(answers)) {
    told[kind] = typeof answer === "string" ? answer : await digest(answer, turned);
  }
  return told;
}

/** What `action` gives, or the code of the error that it throws. */
function orCode(action) {
  try {
    return action();
  } catch (error) {
    if (error.code === undefined) {
      throw error;
    }
    return `refused: ${error.code}`;
  }
}

/**
 * The rows one by one, in each form that a row may have in turn: typed array, array, by name, text. JavaScript's numbers have
 * 64 bits: of 32-bit values those of a missing code are given as the code.
 */
function* each(values, { features }) {
  const width = features.length;
  const codeOf = ({ missingCodes }, value) => missingCodes.find((code) => Math.fround(code) === value) ?? value;
  const widened = (row) => (row instanceof Float32Array ? Array.from(row, (value, index) => codeOf(features[index], value)) : row);
  // A text has a category's name where there is one, and rows have what no category is.
  const hasText = features.every(({ categories }) => categories.length === 0);
  const forms = [
    (row) => row,
    (row) => Array.from(widened(row), (value) => (Number.isNaN(value) ? null : value)),
    (row) => Object.fromEntries(Array.from(widened(row), (value, index) => [features[index].name, value])),
    (row) => (hasText ? widened(row).join(",") : row),
  ];
  for (let start = 0, index = 0; start < values.length; start += width, index += 1) {
    yield forms[index % forms.length](values.subarray(start, start + width));
  }
}

/** The rows' numbers are codes of categories, as other roads have them. */
const CODES = { codes: true };

/** What a model answers for all rows at once. */
function inBatch(model, explainer, { rows, explained }) {
  return {
    margins: model.marginsMany(rows, CODES),
    predictions: model.predictMany(rows, CODES),
    contributions: orCode(() => explainer().explainMany(explained, CODES)),
  };
}

/** What it answers for one row after another. */
function oneByOne(model, explainer, { rows, explained }) {
  const { description } = model;
  const [margins, predictions, contributions] = [[], [], []];
  for (const row of each(rows, description)) {
    margins.push(...model.marginsMany([row], CODES));
    predictions.push(...[model.predictValue(row, CODES)].flat());
  }
  const names = description.features.map(({ name }) => name);
  const why = orCode(() => {
    const explaining = explainer();
    for (const row of each(explained, description)) {
      const { margin, base, contributions: parts } = explaining.explain(row, CODES);
      const expected = model.marginsMany([row], CODES);
      [margin].flat().forEach((each, output) => {
        if (!Object.is(each, expected[output])) {
          throw new Error("an explanation has another margin");
        }
        contributions.push(...names.map((name) => [parts].flat()[output][name]), [base].flat()[output]);
      });
    }
    return Float64Array.from(contributions);
  });
  return { margins: Float32Array.from(margins), predictions: Float32Array.from(predictions), contributions: why };
}

/** What a pool of workers answers. */
async function inWorkers(pool, { rows }) {
  try {
    return { margins: await pool.marginsMany(rows, CODES), predictions: await pool.predictMany(rows, CODES) };
  } finally {
    pool.close();
  }
}

/** The rows of an entry, all of them and those to explain, in the precision that it has. */
async function rowsOf(entry, read) {
  const Floats = entry.wide ? Float64Array : Float32Array;
  const [rows, explained] = await Promise.all(["rows", "explained"].map((kind) => read(entry, kind)));
  const floats = ({ buffer, byteOffset, byteLength }) => new Floats(buffer, byteOffset, byteLength / Floats.BYTES_PER_ELEMENT);
  return { rows: floats(rows), explained: floats(explained) };
}

/**
 * Asks the package for `models`, entries of the index, and gives each line to `put`. `read(entry, kind)` gives the bytes of one
 * of an entry's files. The first answer is given once more with one bit turned.
 */
export async function askPackage({ Model, Pool, convert }, road, models, read, put) {
  let turned = false;
  for (const entry of models) {
    const line = (way, more) => put({ road: `${road}: ${way}`, model: entry.name, ...more });
    const options = {
      // What there is to know of a file is no answer.
      onNote: () => {},
      ...(entry.schema === null ? {} : { schema: new TextDecoder().decode(await read(entry, "schema")) }),
      ...(entry.missing === null ? {} : { missing: entry.missing }),
    };
    let file;
    try {
      file = await convert(await read(entry, "file"), options);
    } catch (error) {
      if (error.code === undefined) {
        throw error;
      }
      await Promise.all(["batch", "one row", "workers"].map((way) => line(way, { refused: error.code })));
      continue;
    }
    const model = new Model(file);
    const rows = await rowsOf(entry, read);
    const ways = {
      batch: { file, ...inBatch(model, () => model, rows) },
      "one row": oneByOne(model, () => model, rows),
      // One: starting them takes longer than all else, and the way to an answer is the same.
      workers: await inWorkers(await Pool.start(model, { workers: 1 }), rows),
    };
    model.free();
    await told(ways, line, turned);
    turned = true;
  }
}

/** Asks the page's modules, which are sealed around the shipped model, for that one. */
export async function askSealed({ model, Explainer, startPool }, road, entry, read, put) {
  const rows = await rowsOf(entry, read);
  const explainer = () => new Explainer(model);
  const ways = {
    batch: inBatch(model, explainer, rows),
    "one row": oneByOne(model, explainer, rows),
    workers: await inWorkers(await startPool(), rows),
  };
  await told(ways, (way, more) => put({ road: `${road}, sealed: ${way}`, model: entry.name, ...more }), false);
}

async function told(ways, line, turned) {
  const margins = ways.batch.margins.length;
  for (const [way, answers] of Object.entries(ways)) {
    await line(way, { margins, digests: await digests(answers, false) });
    if (!turned) {
      await line(way, { margins, digests: await digests(answers, true), turned: true });
    }
  }
}
