/** A plan of how a file of rows is read, kept as JSON: what `--show-plan` of the command lines writes, and the page. */
import { fault } from "../model/wardian.js";

const MEMBERS = ["encoding", "skipped_lines", "delimiter", "decimal", "thousands", "header", "names", "columns", "base_margins", "missing"];
const KINDS = { skipped_lines: "number", header: "boolean", names: "object", columns: "object", missing: "object", base_margins: "object" };

const invalid = (message) => fault("invalid_option", undefined, message);

/** A number as Rust writes 64-bit floats into JSON. */
const float = (number) => (Number.isInteger(number) && Math.abs(number) < 1e16 ? `${Object.is(number, -0) ? "-0" : number}.0` : String(number).replace("e+", "e"));

/** The JSON of a plan, as all command lines write it. */
export function planText({ encoding, skippedLines, delimiter, decimal, thousands, header, names, columns, baseMargins = [], missing }) {
  const floats = [];
  const marked = (number) => `\u0000${floats.push(float(number)) - 1}`;
  const kept = {
    encoding,
    skipped_lines: skippedLines,
    delimiter,
    decimal,
    thousands: thousands ?? null,
    header,
    names,
    columns: columns.map(({ feature, column, unit, conversion }) => ({
      feature,
      column: column ?? null,
      ...(unit === undefined ? {} : { unit, conversion: { minus: marked(conversion.minus), times: marked(conversion.times) } }),
    })),
    ...(baseMargins.length === 0 ? {} : { base_margins: baseMargins }),
    missing,
  };
  return `${JSON.stringify(kept, undefined, 2).replace(/"\\u0000(\d+)"/g, (_, place) => floats[place])}\n`;
}

/** Whether a text may be a plan: other files may be JSON too. */
export function looksLikeAPlan(text) {
  try {
    const given = JSON.parse(text);
    return ["encoding", "columns", "missing"].every((member) => Object.hasOwn(given, member));
  } catch {
    return false;
  }
}

/** The plan in a text or in what `JSON.parse` made of it, for a model of these features; what does not fit is refused. */
export function planOf(given, features) {
  let kept = given;
  if (typeof given === "string") {
    try {
      kept = JSON.parse(given);
    } catch (error) {
      throw invalid(`the plan is no JSON: ${error.message}`);
    }
  }
  if (typeof kept !== "object" || kept === null) {
    throw invalid("the plan is no object");
  }
  const missing = MEMBERS.find((member) => !["base_margins", "thousands"].includes(member) && typeof kept[member] !== (KINDS[member] ?? "string"));
  const unknown = Object.keys(kept).find((member) => !MEMBERS.includes(member));
  if (missing !== undefined || unknown !== undefined) {
    throw invalid(unknown === undefined ? `the plan has no ${missing}, or not as --show-plan writes it` : `the plan has ${JSON.stringify(unknown)}, which no plan has`);
  }
  const { skipped_lines: skippedLines, base_margins: baseMargins = [], thousands, columns, ...rest } = kept;
  if (columns.length !== features.length) {
    throw invalid(`the plan is for ${columns.length} features, and the model has ${features.length}`);
  }
  columns.forEach((each, index) => {
    const [name, other] = [features[index].name, each?.feature];
    if (name !== other) {
      throw invalid(`the plan has ${JSON.stringify(other)} where the model has ${JSON.stringify(name)}`);
    }
    if (each.column >= rest.names.length) {
      throw invalid(`the plan takes a column that is not there for ${JSON.stringify(name)}`);
    }
    if ((each.unit === undefined) !== (each.conversion === undefined)) {
      throw invalid(`the plan has a unit or a conversion alone for ${JSON.stringify(name)}`);
    }
  });
  const own = columns.map(({ feature, column, unit, conversion }) => ({ feature, column: column ?? undefined, unit, conversion }));
  return { ...rest, skippedLines, thousands: thousands ?? undefined, columns: own, baseMargins };
}

/** The line that a table's first record begins with, in a text. */
function lineOf(start, { encoding, skippedLines }) {
  const lines = new TextDecoder(encoding).decode(start).split(/\r\n|\n|\r/).slice(skippedLines);
  return skippedLines + 1 + Math.max(0, lines.findIndex((line) => line !== ""));
}

/**
 * Checks that the file that begins with `start`, of which `plan` was made by the kept one, is read as that says. `madeLines` of the
 * text are none of the file's.
 */
export function checkKept(kept, plan, start, madeLines = 0) {
  const place = `line ${Math.max(1, lineOf(start, kept) - madeLines)}`;
  const [given, wanted] = [plan.names.length, kept.names.length];
  if (kept.header) {
    if (given !== wanted || kept.names.some((name, index) => name !== plan.names[index])) {
      throw invalid(`${place}: the header names other columns than the plan does`);
    }
  } else if (given !== wanted) {
    const absent = kept.columns.find(({ column }) => column === given)?.feature;
    const message = `${wanted} values are needed, ${given} given${absent === undefined ? "" : "; this is the first that is absent"}`;
    throw Object.assign(fault("wrong_field_count", undefined, `${place}${absent === undefined ? "" : `, ${absent}`}: ${message}`), { field: absent });
  }
  kept.columns.forEach(({ feature, column, unit, conversion }, index) => {
    const own = plan.columns[index];
    if (column !== own.column || unit !== own.unit || conversion?.times !== own.conversion?.times || conversion?.minus !== own.conversion?.minus) {
      throw invalid(`the plan reads ${JSON.stringify(feature)} otherwise than this version of Wardian does`);
    }
  });
}
