/** The REST contract as a pure function. */

/** The longest request body that is read, in bytes. */
export const LONGEST_BODY = 65536;

/** `value` with so many digits; of two that are as near, the even one, where `toExponential` takes the larger. */
export function rounded(value, digits) {
  const [mantissa, power] = value.toExponential(digits - 1).split("e");
  const rest = value.toExponential(60).split("e")[0].replace(/[-.]/g, "").slice(digits);
  const last = Number(mantissa.at(-1));
  return `${/^50*$/.test(rest) && last % 2 === 1 ? mantissa.slice(0, -1) + (last - 1) : mantissa}e${power}`;
}

/** The shortest decimal that reads back as the same 32-bit float, laid out as Python lays out a float. */
export function decimal(value) {
  if (!Number.isFinite(value)) {
    return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  }
  let text;
  for (let digits = 1; digits <= 9; digits += 1) {
    text = rounded(value, digits);
    if (Math.fround(Number(text)) === value) {
      break;
    }
    // Below a power of two the floats are closer than above: the nearest decimal may fail where the next one up holds.
    const [mantissa, power] = text.split("e");
    const above = Number(`${mantissa.replace(".", "")}e${power - digits + 1}`) + Math.sign(value) * 10 ** (power - digits + 1);
    if (Math.fround(above) === value) {
      text = above.toExponential(digits - 1);
      break;
    }
  }
  const [mantissa, power] = text.split("e");
  const exponent = Number(power);
  // The float nearest to 1e-4 lies below it, and Python looks at the float.
  if ((value !== 0 && Math.abs(value) < 1e-4) || exponent >= 16) {
    const sign = exponent < 0 ? "-" : "+";
    return `${mantissa}e${sign}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }
  const plain = Object.is(value, -0) ? "-0" : Number(text).toFixed(Math.max(0, mantissa.replace(/\D/g, "").length - 1 - exponent));
  return plain.includes(".") ? plain : `${plain}.0`;
}

const textOf = (body) => (typeof body === "string" ? body : new TextDecoder("utf-8", { fatal: true }).decode(body));
const lengthOf = (body) => (typeof body === "string" ? new TextEncoder().encode(body) : body).length;

/** Predictions of one row of `model`, as JSON. */
function written(model, predictions) {
  const texts = Array.from(predictions, model.decimal ?? decimal);
  return texts.length === 1 ? texts[0] : `[${texts}]`;
}

/** What `explain` may be in a query, and whether it asks. */
const ASKED = new Map([["", true], ["true", true], ["1", true], ["false", false], ["0", false]]);

/**
 * Whether a query (what stands behind a path and `?`) asks to have answers explained: by `explain`, alone, as `true` or as `1`. Nothing if it
 * says neither that nor the contrary. Names and values are taken as they stand, with nothing decoded.
 */
function asksWhy(query) {
  const [, value = ""] = query.split("&").map((member) => /^([^=]*)(?:=(.*))?$/s.exec(member).slice(1)).find(([name]) => name === "explain") ?? [, "false"];
  return ASKED.get(value);
}

/** What explains the model's answers, where the query asks for it: by the `why` of the contract, which is asked then. An error where it fails. */
export async function whyAsked(model, query, contract) {
  try {
    return asksWhy(query) ? await contract.why?.(model) : undefined;
  } catch (error) {
    return error;
  }
}

/** What is to be answered to `data`: a row, or an array of rows. A model that knows its classes' names says them. */
function answered(model, data, why) {
  if (typeof data === "string") {
    const prediction = model.predictValue(data);
    const label = model.label?.(prediction);
    const more = why?.(data, prediction);
    return `{"prediction":${written(model, [prediction].flat())}${label === undefined ? "" : `,"label":${JSON.stringify(label)}`}${more ? `,${more}` : ""}}`;
  }
  const all = model.predictMany(data);
  const width = all.length / data.length;
  const rows = data.map((_, row) => all.subarray(row * width, (row + 1) * width));
  const labels = rows.flatMap((row) => model.label?.(row) ?? []);
  const more = why === undefined ? "" : `,"explanations":[${rows.map((row, index) => `{${why(data[index], row)}}`)}]`;
  return `{"predictions":[${rows.map((row) => written(model, row))}]${labels.length === 0 ? "" : `,"labels":${JSON.stringify(labels)}`}${more}}`;
}

/**
 * Answers a request's parts with `model`: `{ status, headers, body }`. `src/contract.rs` is the same in Rust; their tests
 * ask both for the same bytes. The body is text or bytes; one that is longer than `LONGEST_BODY` need not be whole. `contract` is
 * `{ path, description }`: where predictions are asked for, and the document that describes that, whose path is beside it; `why` is what
 * `whyAsked` gives.
 */
export function answer(model, { method, path, query = "", contentType, requestedHeaders, body = "" }, contract, why) {
  const descriptionPath = contract.path.replace(/[^/]*$/, "openapi.json");
  const respond = (status, type, text, more = []) => {
    const headers = [["access-control-allow-origin", "*"]];
    if (type !== undefined) {
      headers.push(["content-type", type]);
    }
    return { status, headers: [...headers, ...more], body: text };
  };
  const problem = (status, title, detail, more, { code, field } = {}) =>
    respond(
      status,
      "application/problem+json",
      JSON.stringify({ type: "about:blank", title, status, detail, code, field }),
      more,
    );
  // What may be asked at each path.
  const allowed = path === contract.path ? "OPTIONS, POST" : path === descriptionPath ? "GET, HEAD, OPTIONS" : undefined;
  if (allowed === undefined) {
    return problem(404, "Not Found", `there is nothing here; ask POST ${contract.path}`);
  }
  if (method === "OPTIONS") {
    return respond(204, undefined, "", [
      ["access-control-allow-methods", allowed],
      // As flask-cors answers: whichever are asked for.
      ["access-control-allow-headers", requestedHeaders ? requestedHeaders.split(",").map((name) => name.trim()).sort().join(", ") : "content-type"],
      ["access-control-max-age", "86400"],
    ]);
  }
  if (!allowed.split(", ").includes(method)) {
    return problem(405, "Method Not Allowed", `${path === contract.path ? "only POST" : "only GET"} is answered here`, [["allow", allowed]]);
  }
  if (path === descriptionPath) {
    return respond(200, "application/json", method === "HEAD" ? "" : contract.description);
  }
  const essence = (contentType ?? "").split(";")[0].trim().toLowerCase();
  if (essence !== "application/json" && !(essence.startsWith("application/") && essence.endsWith("+json"))) {
    return problem(415, "Unsupported Media Type", "the body must be application/json");
  }
  if (body.length > LONGEST_BODY || lengthOf(body) > LONGEST_BODY) {
    return problem(413, "Content Too Large", `the body is longer than the ${LONGEST_BODY} bytes that are read`);
  }
  const bad = (detail, error) => problem(400, "Bad Request", detail, undefined, error);
  const isAsked = asksWhy(query);
  if (isAsked === undefined) {
    return bad('the parameter "explain" is neither true nor false');
  }
  let value;
  try {
    value = JSON.parse(textOf(body));
  } catch {
    return bad("the body is not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return bad("the body is not a JSON object");
  }
  if (value.data === undefined) {
    return bad('the member "data" is absent');
  }
  const rows = [value.data].flat();
  if (rows.length === 0 || rows.some((row) => typeof row !== "string")) {
    return bad('"data" is not a string of comma-separated values');
  }
  if (why instanceof Error) {
    return problem(503, "Service Unavailable", `the answer cannot be explained: ${why.message}`);
  }
  try {
    return respond(200, "application/json", answered(model, value.data, isAsked ? (why ?? (() => "")) : undefined));
  } catch (error) {
    return bad(error.message, error);
  }
}
