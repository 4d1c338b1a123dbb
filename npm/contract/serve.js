/** The REST contract on a port of this machine: `rest.js` behind Node's own server. */
import { createServer } from "node:http";
import { LONGEST_BODY, answer, whyAsked } from "./rest.js";
import { checkOptions } from "../model/wardian.js";

/** How long a request may take to arrive, in milliseconds: who dawdles longer is cut off. */
const PATIENCE = 10_000;

/** As much of a request's body as is read. The rest is let through, not kept, so that the client hears the answer. */
async function bodyOf(request) {
  const chunks = [];
  let length = 0;
  for await (const chunk of request) {
    if (length <= LONGEST_BODY) {
      chunks.push(chunk);
    }
    length += chunk.length;
  }
  return chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
}

/** The path that a `Request` made of this address has, and its query. */
function partsOf(address) {
  const origin = "http://localhost";
  const whole = address.startsWith("/") ? origin + address : address;
  const { pathname, search } = URL.canParse(whole) ? new URL(whole) : { pathname: address, search: "" };
  return { path: pathname, query: search.slice(1) };
}

async function respond(model, contract, request, response) {
  let arrived = "";
  try {
    arrived = await bodyOf(request);
  } catch {
    // The client has gone in the middle of its request: nobody hears an answer.
    response.destroy();
    return;
  }
  const { path, query } = partsOf(request.url);
  const { status, headers, body } = answer(model, {
    method: request.method,
    path,
    query,
    contentType: request.headers["content-type"],
    requestedHeaders: request.headers["access-control-request-headers"],
    body: arrived,
  }, contract, await whyAsked(model, query, contract));
  const length = status === 204 ? [] : [["content-length", String(Buffer.byteLength(body))]];
  // A HEAD's answer has no length of its own to tell.
  response.writeHead(status, [...headers, ...(request.method === "HEAD" ? [] : length)].flat());
  response.end(body);
}

/** What was sent is not HTTP, or came too late or too long: said in HTTP's own words, and the connection ended. */
function refuse(error, socket) {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const status =
    { HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large", ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout" }[error.code] ?? "400 Bad Request";
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}

/** Serves a contract with `model`: the address that it is reached at, and what ends it. A `port` of 0 takes a free one. */
export async function serve(model, contract, options) {
  checkOptions(options, ["port", "host"]);
  const { port, host } = options;
  const server = createServer({ requestTimeout: PATIENCE, headersTimeout: PATIENCE, connectionsCheckingInterval: 1000 }, (request, response) => {
    respond(model, contract, request, response);
  });
  server.on("clientError", refuse);
  await new Promise((resolve, reject) => {
    server.once("error", reject).listen({ port, host }, resolve);
  });
  const { address, port: taken, family } = server.address();
  const close = () => {
    server.close();
    server.closeIdleConnections();
  };
  return { address: `http://${family === "IPv6" ? `[${address}]` : address}:${taken}`, close };
}
