/** `wardian seal`: a case's files are read and its products written here; what they are is said by the module, as the Rust program says it. */
import { createReadStream, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, readSync, readdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync, closeSync } from "node:fs";
import path from "node:path";
import { asCsv } from "../rows/sheets.js";
import { about, readBytes, writeWhole } from "./files.js";

const CASE_FILE = "case.json";
/** The most bytes of a file of a case, and of `case.json`. */
const LARGEST = 2 ** 30;
const LARGEST_JSON = 2 ** 24;
/** How much of a file tells what it is. */
const TELLING_BYTES = 2 ** 16;

const text = { type: "string" };
/** What may be said of how rows are read, as the module takes it. */
const FORM = { column: { ...text, multiple: true }, unit: { ...text, multiple: true }, header: text, delimiter: text, decimal: text };
export const SEAL = {
  ...FORM,
  output: { ...text, short: "o", multiple: true },
  data: text,
  "held-out": text,
  label: text,
  positive: text,
  group: text,
  predictions: text,
  sheet: text,
  title: text,
  lang: text,
  name: text,
  kind: text,
  force: { type: "boolean" },
  shell: text,
};

export const sealHelp = (reading) => `Usage: wardian seal CASE|MODEL -o OUT [-o OUT …] [OPTIONS]

  CASE|MODEL          A case: a folder with case.json; or a model's file alone
  -o, --output <OUT>  What to make; may be given several times
      --data <FILE>   Rows of the training data: what ranges, quartiles and the example are taken from
      --held-out <FILE>
                      Rows with labels that the model was NOT trained on: how sure its answers are, and how good, is told by them
      --label <NAME>  The column of --data and --held-out that was to be predicted; of several targets all, with commas between them
      --positive <TEXT>
                      Where the labels of a risk are two texts, as sick and well: the one whose probability is answered
      --group <NAME>  A column of --held-out: how good answers are is told for each of its values, too
      --predictions <FILE>
                      The trainer's own answers to the rows of --data, a line a row, which must be the model's bit for bit
      --title <TITLE> The title, in place of the case's
      --lang <CODE>   The language that the case is written in: en, zh, es or any other
      --name <NAME>   What programs call it, as npm names packages
      --kind <KIND>   What the answer is, where the model's file does not say: risk, classes, number, count, score, time, hazard, targets
      --all-trees     Use the trees after the best round too, where training was stopped early
${reading}      --column <FEATURE=COLUMN>, --unit <FEATURE=UNIT>, --header <yes|no>, --delimiter <SIGN>, --decimal <SIGN>, --sheet <NAME>
                      How --data and --held-out are read, where they do not say: as of predict
      --force         Overwrite a folder that is no sealed page

What OUT ends with says what is made: .html a page in one file, / a page in a folder, .tgz an npm package, .wasm a module for
databases, .wardian the model's file; and openapi.json, card.html and case.json these documents.

Examples:
  wardian seal model.ubj -o risk.html
  wardian seal model.ubj --data rows.csv --label y --predictions answers.csv -o risk.html -o site/
`;

const beside = (name) => readFileSync(new URL(name, import.meta.url));

/** The module that seals. */
async function sealer() {
  const module = await import("./seal.js");
  module.initSync({ module: beside("seal_bg.wasm") });
  return module;
}

/** A file's bytes, if these are not more than so many. */
function bounded(file, most) {
  let size;
  try {
    ({ size } = statSync(file));
  } catch (error) {
    throw about(file, error);
  }
  if (size > most) {
    throw new Error(`${file}: it has ${size} bytes; ${most} are the most`);
  }
  return readBytes(file);
}

/** The first bytes of a file. */
function startOf(file) {
  const opened = openSync(file, "r");
  try {
    const start = new Uint8Array(TELLING_BYTES);
    return start.subarray(0, readSync(opened, start, 0, TELLING_BYTES, 0));
  } finally {
    closeSync(opened);
  }
}

const isFile = (file) => existsSync(file) && statSync(file).isFile();
const isFolder = (file) => existsSync(file) && statSync(file).isDirectory();
const isPath = (module, name) => {
  try {
    module.checkPath(name);
    return true;
  } catch {
    return false;
  }
};

/** The files of a case, and its name: a folder's, as far as `case.json` names them, or a model's alone. */
function readCase(module, given) {
  let place;
  try {
    place = realpathSync(given);
  } catch (error) {
    throw about(given, error);
  }
  const files = Object.create(null);
  const name = path.basename(place);
  if (!isFolder(place) && name !== CASE_FILE) {
    files[isPath(module, name) ? name : "model"] = bounded(place, LARGEST);
    return { files, name: name.split(".")[0] };
  }
  const folder = name === CASE_FILE ? path.dirname(place) : place;
  let said = { files: [], hasModel: false };
  if (isFile(path.join(folder, CASE_FILE))) {
    const bytes = bounded(path.join(folder, CASE_FILE), LARGEST_JSON);
    try {
      said = module.filesOfCase(bytes);
    } catch (error) {
      throw about(folder, error);
    }
    files[CASE_FILE] = bytes;
  }
  const isWithin = (whole) => whole.startsWith(folder + path.sep);
  for (const named of said.files) {
    try {
      module.checkPath(named);
    } catch (error) {
      throw about(path.join(folder, CASE_FILE), error);
    }
    const file = path.join(folder, named);
    // What is not there is told with its place.
    if (existsSync(file)) {
      const whole = realpathSync(file);
      if (!isWithin(whole)) {
        throw new Error(`${file}: it is a link out of the case's folder`);
      }
      files[named] = bounded(whole, LARGEST);
    }
  }
  if (!said.hasModel) {
    for (const other of readdirSync(folder)) {
      const file = path.join(folder, other);
      const whole = existsSync(file) ? realpathSync(file) : file;
      const isOther = other !== CASE_FILE && !said.files.includes(other) && !other.startsWith(".") && isWithin(whole);
      if (isOther && isFile(whole) && isPath(module, other) && module.mayBeModel(startOf(whole))) {
        files[other] = bounded(whole, LARGEST);
      }
    }
  }
  return { files, name: path.basename(folder) };
}

/** A file of rows, whatever kind it is, as text. */
async function rowsOf(place, sheet, said) {
  if (place === undefined) {
    return undefined;
  }
  try {
    const { chunks, options } = await asCsv(createReadStream(place), { sheet, decimal: said.find(([name]) => name === "decimal")?.[1] });
    const parts = [];
    for await (const chunk of chunks) {
      parts.push(chunk);
    }
    return { place, bytes: Buffer.concat(parts), ...options, said };
  } catch (error) {
    throw about(place, error);
  }
}

/** What is to be made, and where. */
function productsOf(module, outputs, force) {
  const seen = new Set();
  return outputs.map((given) => {
    const exists = existsSync(given);
    const isPlace = exists && statSync(given).isDirectory();
    const product = module.productNamed(isPlace ? `${given}/` : given);
    const place = path.normalize(given).replace(/(?<=.)[/\\]$/, "");
    if (seen.has(place)) {
      throw new Error(`${place}: it is to be made twice`);
    }
    seen.add(place);
    if (isPlace && !force && !isSealed(place)) {
      throw new Error(`${place}: it is a folder with other files than a sealed page's; --force replaces it, all that is in it is lost`);
    }
    if (product.isFolder && exists && !isPlace) {
      throw new Error(`${place}: it is a file; a page in a folder is to be made`);
    }
    return { place, named: isPlace ? `${given}/` : given, ...product };
  });
}

/** Whether a folder is empty, or a page that was sealed. */
const isSealed = (folder) => readdirSync(folder).length === 0 || ["index.html", "case/golden.json"].every((name) => isFile(path.join(folder, name)));

/** Writes a folder that appears whole or not at all. */
function writeFolder(folder, files) {
  let temporary;
  try {
    temporary = mkdtempSync(path.join(path.dirname(folder), ".sealing"));
    const [made, old] = ["new", "old"].map((name) => path.join(temporary, name));
    for (const [name, bytes] of Object.entries(files)) {
      const file = path.join(made, name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, bytes);
    }
    // The old one goes with the temporary folder, or comes back.
    const isThere = existsSync(folder);
    if (isThere) {
      renameSync(folder, old);
    }
    try {
      renameSync(made, folder);
    } catch (error) {
      if (isThere) {
        renameSync(old, folder);
      }
      throw error;
    }
  } catch (error) {
    throw about(folder, error);
  } finally {
    if (temporary !== undefined) {
      rmSync(temporary, { recursive: true, force: true });
    }
  }
}

const sizeOf = (made) => (made instanceof Uint8Array ? made.length : Object.values(made).reduce((sum, { length }) => sum + length, 0));

/** Seals `given` as the options say; `reading` is how the model's file is read. */
export async function sealCase(given, { output: outputs, force, shell, data, predictions, "held-out": heldOut, column, unit, header, delimiter, decimal, sheet, ...asked }, reading) {
  const started = performance.now();
  const module = await sealer();
  const products = productsOf(module, outputs, force);
  const packed = products.some(({ needsShell }) => needsShell) ? (shell === undefined ? beside("wardian.shell") : readBytes(shell)) : undefined;
  const { files, name } = readCase(module, given);
  const answers = predictions === undefined ? undefined : { place: predictions, bytes: bounded(predictions, LARGEST) };
  const said = Object.entries({ column, unit, header, delimiter, decimal }).flatMap(([name, texts = []]) => [texts].flat().map((each) => [name, each]));
  module.checkReading(said);
  const options = { ...asked, ...reading, data: await rowsOf(data, sheet, said), heldOut: await rowsOf(heldOut, sheet, said), predictions: answers };
  let sealed;
  try {
    sealed = module.seal(files, name, products.map(({ named }) => named), packed, options);
  } catch (error) {
    throw about(given, error);
  }
  sealed.notes.forEach((note) => process.stderr.write(`wardian: note: ${given}: ${note}\n`));
  // All are made before one is written.
  products.forEach(({ place, isFolder: isPlace }, index) => (isPlace ? writeFolder(place, sealed.products[index]) : writeWhole(place, sealed.products[index])));
  products.forEach(({ place, name: what }, index) => process.stderr.write(`${place}: ${what}, ${sizeOf(sealed.products[index])} bytes\n`));
  process.stderr.write(`${sealed.summary}, ${((performance.now() - started) / 1000).toFixed(2)} s\n`);
}
