#!/usr/bin/env node
/** The command line: what the Rust program `wardian` answers, without Rust. A sealed package's is of its own model alone. */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { command as own } from "../case/command.js";
import { about, readBytes, readModel, toWardian, writeAll, writeOut, writeWhole } from "./files.js";
import { FORM, FORM_HELP, eachOf, formBesidePlan, formWithoutFile, openRows, valuesOf } from "./csv.js";
import { ownContract } from "../model/model.js";
import { planText } from "../rows/rows.js";
import { Seen } from "./seen.js";

/** Lines of the help that only those need who can say which model. */
const where = (text) => (own.opens ? text : "");

/** What is said of a file that does not say it. */
const READ = where(`      --missing <NUMBER>
                      What means "not measured" in every feature: the trainer's missing= [default: what the file says]
      --categories-from <pandas|arrow>
                      Where the training data's categories came from, if a file is refused without it
`);
const MODEL = where(`  -m, --model <FILE>  A model: .wardian, or the file of XGBoost, LightGBM, CatBoost, scikit-learn or ONNX [default: ${own.model}]
`);
const ALL_TREES = where(`      --all-trees     Use the trees after the best round too, where training was stopped early
`);

const BASE = `      --base-margin <NUMBER|COLUMN>
                      What the row's sum begins with, in place of the model's base score: XGBoost's base_margin; of several
                      outputs one for each, with commas between`;

const HELP = {
  "": `${own.title ?? "Gradient-boosted trees in a sealed case: the trainer's own answer, bit for bit."}

Usage: ${own.name} <COMMAND>

Commands:
  predict  Predict one row, or the rows of a file
  explain  Say what each feature adds to one prediction
${where(`  convert  Turn a trainer's model file into a .wardian file
`)}  serve    Answer the REST contract on a port of this machine
${where(`  seal     Seal a case: a page, a folder, a package of it
`)}
Options:
  -h, --help     Print help, a command's after its name
  -V, --version  Print version
`,
  predict: `Usage: ${own.name} predict${where(" [--model FILE]")} [--margin] [-o FILE] <ROW | --csv FILE>

  ROW                 The values in feature order, separated by commas; empty, NA and nan are "not measured"
${MODEL}      --csv <FILE>    A file of rows, - for standard input: a line of predictions for each. CSV and its like, JSON lines, a
                      spreadsheet, packed with gzip or not
      --margin        Give the margin, the sum of the trees, instead of the prediction
      --with-rows     Give the file's rows back as they came, each with its predictions, or with what is wrong with it
${ALL_TREES}${READ}${BASE}, or the file's column of them
  -o, --output <FILE> Write here; the file appears whole or not at all
${FORM_HELP}
Examples:
  ${own.name} predict ${JSON.stringify(own.example)}
  ${own.name} predict --csv people.csv > answers.txt
  ${own.name} predict --csv people.xlsx --sheet 2026 --with-rows -o answered.csv
`,
  explain: `Usage: ${own.name} explain${where(" [--model FILE]")} [-o FILE] ROW

  ROW                 The values in feature order, separated by commas; empty, NA and nan are "not measured"
${MODEL}${ALL_TREES}${READ}${BASE}
  -o, --output <FILE> Write here; the file appears whole or not at all

Contributions are on the scale of the margin: base and contributions sum to it.

Example:
  ${own.name} explain ${JSON.stringify(own.example)}
`,
  convert: `Usage: ${own.name} convert [OPTIONS] MODEL OUTPUT

  MODEL               A model: .wardian, or the file of XGBoost, LightGBM, CatBoost, scikit-learn or ONNX (told by content, not by name)
  OUTPUT              The file to write, whole or not at all; or -o <FILE>
      --schema <FILE> Names, units, ranges and missing codes of the inputs, as JSON
      --all-trees     Keep the trees after the best round too, where training was stopped early
${READ}      --no-covers     Leave out the covers of the leaves: a smaller file, which cannot be explained

Example:
  ${own.name} convert model.ubj model.wardian
`,
  serve: `Usage: ${own.name} serve [--port PORT] [--host HOST]

  --port <PORT>  The port; 0 takes a free one [default: 8080]
  --host <HOST>  The address to listen at; 0.0.0.0 for every one of the machine's [default: 127.0.0.1]

Example:
  ${own.name} serve --port 8080
  curl -H "content-type: application/json" -d '${JSON.stringify({ data: own.example })}' \\
    http://127.0.0.1:8080${own.path}
`,
};

const { SEAL, sealHelp, sealCase } = own.opens ? await import("./sealing.js") : {};
if (own.opens) {
  HELP.seal = sealHelp(READ);
}

const text = { type: "string" };
const flag = { type: "boolean" };
const HELPED = { help: { type: "boolean", short: "h" } };
const READING = { "all-trees": flag, missing: text, "categories-from": text };
const OF_A_ROW = { ...HELPED, ...(own.opens && { ...READING, model: { ...text, short: "m" } }), "base-margin": { ...text, multiple: true }, output: { ...text, short: "o" } };
const OPTIONS = {
  predict: { ...OF_A_ROW, ...FORM, margin: flag },
  explain: OF_A_ROW,
  ...(own.opens && { convert: { ...HELPED, ...READING, output: { ...text, short: "o" }, schema: text, "no-covers": flag } }),
  ...(own.opens && { seal: { ...HELPED, ...READING, ...SEAL } }),
  serve: { ...HELPED, port: { ...text, default: "8080" }, host: { ...text, default: "127.0.0.1" } },
};

/** The caller's mistake: told with the way to the help. */
class UsageError extends Error {}

/** The one thing that these are. */
function only(positionals, name) {
  if (positionals.length !== 1) {
    const what = positionals.length === 0 ? `${name} is missing` : `one ${name} is due, ${positionals.length} are given (quote it)`;
    throw new UsageError(what);
  }
  return positionals[0];
}

/** How a model's file is to be read, where it does not say. */
function reading(values, isFile = values.model !== undefined) {
  const { missing, "categories-from": categoriesFrom } = values;
  if (!isFile && (missing !== undefined || categoriesFrom !== undefined)) {
    throw new UsageError("--missing and --categories-from are of a file: --model is due");
  }
  if (missing !== undefined && !/^([-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?|nan)$/i.test(missing)) {
    throw new UsageError(`--missing is a number, not ${JSON.stringify(missing)}`);
  }
  if (![undefined, "pandas", "arrow"].includes(categoriesFrom)) {
    throw new UsageError(`--categories-from is pandas or arrow, not ${JSON.stringify(categoriesFrom)}`);
  }
  return { allTrees: values["all-trees"], missing: missing && Number(missing), categoriesFrom };
}

/** A number, or an array of several, as Rust writes a model's answers. */
function numbers(model, values) {
  const texts = Array.from(values, (value) => model.decimal(value));
  return texts.length === 1 ? texts[0] : `[${texts.join(",")}]`;
}

/** A 64-bit float as Rust writes it: the shortest digits, and no exponent. */
function plain(value) {
  const [mantissa, power] = String(value).split("e");
  if (power === undefined) {
    return Object.is(value, -0) ? "-0" : mantissa;
  }
  const [, sign, whole, part = ""] = /^(-?)(\d)\.?(\d*)$/.exec(mantissa);
  return power < 0 ? `${sign}0.${"0".repeat(-power - 1)}${whole}${part}` : `${sign}${(whole + part).padEnd(Number(power) + 1, "0")}`;
}

/** The base margins of a row, where they are given. */
function baseMarginOf({ "base-margin": given }) {
  if (given === undefined) {
    return undefined;
  }
  const wrong = eachOf(given).find((each) => !/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(each) || !Number.isFinite(Math.fround(Number(each))));
  if (wrong !== undefined) {
    throw new UsageError(`--base-margin of a row is a finite number, not ${JSON.stringify(wrong)}`);
  }
  return { baseMargin: eachOf(given).map(Number) };
}

function warn({ warnings }) {
  for (const { field, message } of warnings) {
    process.stderr.write(`${own.name}: warning: ${field}: ${message}\n`);
  }
}

/** The reader of files has found the categories. */
const CODES = { codes: true };

/** What comes of a file of rows, as texts. What was answered before a bad row is true, and goes out before the error does. */
async function* answersOf(values, model, note) {
  const seen = new Seen(model.description.features);
  const answers = ({ values: rows, baseMargin }) => {
    seen.add(rows);
    const options = { ...CODES, baseMargin };
    return values.margin ? model.marginsMany(rows, options) : model.predictMany(rows, options);
  };
  const each = values.margin ? model.description.outputs : model.description.predictions;
  const tell = () => {
    for (const sentence of seen.sentences()) {
      note(sentence, "warning");
    }
  };
  const file = await openRows(values.csv, model, values.model === undefined, values, note);
  if (values["show-plan"]) {
    yield planText(file.plan);
  } else if (values["with-rows"]) {
    const texts = (rows) => (model.description.bits === 64 ? Array.from(answers(rows), model.decimal) : answers(rows));
    yield* rowsBack(file, texts, values.margin ? "margin" : "prediction", each, tell);
  } else {
    for await (const rows of valuesOf(file, model.description.features.length)) {
      const found = Array.from(answers(rows), model.decimal);
      let text = "";
      for (let start = 0; start < found.length; start += each) {
        text += `${found.slice(start, start + each).join(",")}\n`;
      }
      yield text;
    }
    tell();
  }
}

/** The file's rows as they came, each with its answer, or with what is wrong with it. */
async function* rowsBack({ rows, parts }, answers, name, width, done) {
  yield rows.addColumns(width === 1 ? [name] : Array.from({ length: width }, (_, output) => `${name}_${output}`));
  let faults = 0;
  for await (const part of parts()) {
    faults += part.faults.length;
    yield rows.write(answers(part));
  }
  done();
  if (faults > 0) {
    process.stderr.write(`${own.name}: warning: ${faults} rows cannot be read, and have no answer: the last column says why\n`);
  }
}

/** What the Rust program writes into files of these names, and this one does not. */
const OTHER_KINDS = /\.(parquet|arrow|feather|jsonl|ndjson)$/i;

async function predictFile(values) {
  if (OTHER_KINDS.test(values.output ?? "")) {
    throw new UsageError(`${values.output} promises another kind of file than CSV, which is what is written here; the Rust program writes it`);
  }
  const { model } = await readModel(values.model, reading(values));
  const place = values.csv === "-" ? "standard input" : values.csv;
  const note = (message, kind = "note") => process.stderr.write(`${own.name}: ${kind}: ${place}: ${message}\n`);
  const texts = async function* () {
    try {
      yield* answersOf(values, model, note);
    } catch (error) {
      throw error.isOther ? error : about(place, error);
    }
  };
  await writeAll(values.output, texts());
}

async function predict({ values, positionals }) {
  const lost = formWithoutFile(values);
  if (lost !== undefined) {
    throw new UsageError(`--${lost} is of a file: --csv is due`);
  }
  const beside = formBesidePlan(values);
  if (beside !== undefined) {
    throw new UsageError(`--plan says all of a file: --${beside} cannot be said as well`);
  }
  if (values.csv !== undefined) {
    if (positionals.length > 0) {
      throw new UsageError("a ROW or --csv is due, not both");
    }
    await predictFile(values);
    return;
  }
  const row = only(positionals, "ROW");
  const { model } = await readModel(values.model, reading(values));
  const options = baseMarginOf(values);
  const predicted = model.predict(row, options);
  warn(predicted);
  const [name, answer] = values.margin ? ["margin", model.marginsMany([row], options)] : ["prediction", [predicted.prediction].flat()];
  const label = values.margin || predicted.label === undefined ? "" : `,"label":${JSON.stringify(predicted.label)}`;
  writeOut(values.output, `{"${name}":${numbers(model, answer)}${label}}\n`);
}

async function explain({ values, positionals }) {
  const row = only(positionals, "ROW");
  const { model } = await readModel(values.model, reading(values));
  const options = baseMarginOf(values);
  const explained = named(values.model, () => model.explain(row, options));
  warn(explained);
  const prediction = numbers(model, [explained.prediction].flat());
  const one = (margin, base, contributions) => {
    const members = Object.entries(contributions).map(([feature, value]) => `${JSON.stringify(feature)}:${plain(value)}`);
    return `"margin":${model.decimal(margin)},"base":${plain(base)},"contributions":{${members.join(",")}}`;
  };
  const { margin, base, contributions } = explained;
  const described = Array.isArray(margin)
    ? `"outputs":[${margin.map((each, output) => `{${one(each, base[output], contributions[output])}}`).join(",")}]`
    : one(margin, base, contributions);
  writeOut(values.output, `{"prediction":${prediction},${described}}\n`);
}

async function convert({ values, positionals }) {
  const given = values.output === undefined ? positionals : [...positionals, values.output];
  if (given.length !== 2) {
    throw new UsageError("a MODEL to read and an OUTPUT to write are due");
  }
  const [from, to] = given;
  const bytes = readBytes(from);
  const written = await toWardian(from, bytes, { ...reading(values, true), noCovers: values["no-covers"], schema: values.schema });
  writeWhole(to, written);
  process.stderr.write(`${to}: ${written.length} bytes, from ${bytes.length}\n`);
}

async function serve({ values, positionals }) {
  const port = Number(values.port);
  if (!/^\d{1,5}$/.test(values.port) || port > 65_535) {
    throw new UsageError(`--port is a number up to 65535, not ${JSON.stringify(values.port)}`);
  }
  if (positionals.length > 0) {
    throw new UsageError(`${JSON.stringify(positionals[0])} is not expected`);
  }
  const { model } = await readModel();
  const server = await import("../contract/serve.js");
  const { address, close } = await server.serve(model, ownContract(), { port, host: values.host });
  process.stdout.write(`listening on ${address}\n`);
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.once(signal, close);
  }
}

/** What `action` gives; an error of its names the file. */
function named(path, action) {
  try {
    return action();
  } catch (error) {
    error.message = path === undefined ? error.message : `${path}: ${error.message}`;
    throw error;
  }
}

async function seal({ values: { help, "all-trees": allTrees, missing, "categories-from": from, ...values }, positionals }) {
  const given = only(positionals, "CASE|MODEL");
  if (values.output === undefined) {
    throw new UsageError("--output is due: what is to be made");
  }
  // What is of rows, and of which: one of these is due.
  for (const [name, ...rows] of [["label", "data", "held-out"], ["predictions", "data"], ["group", "held-out"], ...["sheet", "column", "unit", "header", "delimiter", "decimal"].map((name) => [name, "data", "held-out"])]) {
    if (values[name] !== undefined && rows.every((each) => values[each] === undefined)) {
      throw new UsageError(`--${name} is of rows: ${rows.map((each) => `--${each}`).join(" or ")} is due`);
    }
  }
  if (values["held-out"] !== undefined && values.label === undefined) {
    throw new UsageError("--held-out is of rows with labels: --label is due");
  }
  if (values.positive !== undefined && values.label === undefined) {
    throw new UsageError("--positive is of labels: --label is due");
  }
  if (values.kind !== undefined && !KINDS.includes(values.kind)) {
    throw new UsageError(`--kind is one of ${KINDS.join(", ")}, not ${JSON.stringify(values.kind)}`);
  }
  await sealCase(given, values, reading({ "all-trees": allTrees, missing, "categories-from": from }, true));
}

const KINDS = ["risk", "classes", "number", "count", "score", "time", "hazard", "targets"];
const COMMANDS = { predict, explain, ...(own.opens && { convert, seal }), serve };

async function run([command = "", ...rest]) {
  if (command === "-V" || command === "--version") {
    const { version } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));
    process.stdout.write(`${own.name} ${version}\n`);
    return;
  }
  if (command === "-h" || command === "--help") {
    process.stdout.write(HELP[""]);
    return;
  }
  if (!Object.hasOwn(COMMANDS, command)) {
    throw new UsageError(command === "" ? "a command is due" : `there is no command ${JSON.stringify(command)}`);
  }
  // The value of an option may begin with a sign.
  for (const name of Object.entries(OPTIONS[command]).flatMap(([name, { type }]) => (type === "string" ? [`--${name}`] : []))) {
    for (let place = rest.indexOf(name); place >= 0 && place + 1 < rest.length; place = rest.indexOf(name)) {
      rest.splice(place, 2, `${name}=${rest[place + 1]}`);
    }
  }
  // A row may begin with a sign, which is no option's.
  const isRow = (word) => /^-[\d.,]/.test(word);
  let parsed;
  try {
    parsed = parseArgs({ args: rest.filter((word) => !isRow(word)), options: OPTIONS[command], allowPositionals: true });
  } catch (error) {
    throw new UsageError(error.message.split(". ")[0]);
  }
  if (parsed.values.help) {
    process.stdout.write(HELP[command]);
    return;
  }
  await COMMANDS[command]({ values: parsed.values, positionals: [...parsed.positionals, ...rest.filter(isRow)] });
}

// Whoever reads our output has had enough, as `head` does.
process.stdout.on("error", (error) => process.exit(error.code === "EPIPE" ? 0 : 1));
run(process.argv.slice(2)).catch((error) => {
  const help = error instanceof UsageError ? ` (${own.name} --help)` : "";
  process.stderr.write(`${own.name}: ${error.message}${help}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
