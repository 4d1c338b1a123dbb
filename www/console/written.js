/** A request and its answer, as they are written: on the page, in a shell, in JavaScript. */

export const METHODS = ["POST", "GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"];
/** Whether requests of a method carry a body; `fetch` refuses one with the others. */
export const hasBody = (method) => !["GET", "HEAD"].includes(method);

/** The reason phrases of HTTP, which are no texts to translate. */
const REASONS = { 200: "OK", 204: "No Content", 400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed", 413: "Content Too Large", 415: "Unsupported Media Type", 503: "Service Unavailable" };
export const statusLine = (status, phrase) => [status, phrase || REASONS[status]].filter(Boolean).join(" ");

/** The address of a contract's path at a page: below the page's folder. */
export const addressOf = (path, page) => new URL(`.${path}`, page).href;

/** What `fetch` takes beside the address. */
export function init({ method, contentType, body }) {
  return {
    method,
    ...(contentType === "" ? {} : { headers: { "content-type": contentType } }),
    ...(hasBody(method) && body !== "" ? { body } : {}),
  };
}

/** A POSIX shell's word. */
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** The request as a command for `curl`, to a server of the contract at `origin`. */
export function toCurl(request, origin) {
  const { method, headers = {}, body } = init(request);
  return [
    method === "HEAD" ? "curl --head" : `curl --include --request ${method}`,
    ...Object.entries(headers).map(([name, value]) => `--header ${quoted(`${name}: ${value}`)}`),
    ...(body === undefined ? [] : [`--data-binary ${quoted(body)}`]),
    quoted(origin + request.path),
  ].join(" \\\n  ");
}

/** The request as a statement of JavaScript. */
export const toFetch = (request, address) => `await fetch(${JSON.stringify(address)}, ${JSON.stringify(init(request), undefined, 2)});`;

/**
 * JSON with a member or an item a line. Its numbers and strings stay as they were written, where reading and writing them
 * anew would change some: `1e-05` would become `0.00001`.
 */
export function laidOut(text) {
  try {
    JSON.parse(text);
  } catch {
    return text;
  }
  let depth = 0;
  const line = () => `\n${"  ".repeat(depth)}`;
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[[\]{}:,]|[^\s"[\]{}:,]+/g) ?? [];
  return tokens.reduce((written, token, index) => {
    const [before, after] = [tokens[index - 1], tokens[index + 1]];
    if (token === "{" || token === "[") {
      depth += 1;
      return written + token + (after === "}" || after === "]" ? "" : line());
    }
    if (token === "}" || token === "]") {
      depth -= 1;
      return written + (before === "{" || before === "[" ? "" : line()) + token;
    }
    return written + token + (token === "," ? line() : token === ":" ? " " : "");
  }, "");
}
