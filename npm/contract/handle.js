/** The REST contract as a fetch handler: in a service worker, in Node, Deno and Bun, in edge workers. */
import { LONGEST_BODY, answer, whyAsked } from "./rest.js";

/** More bytes than the contract reads. */
const tooMany = () => new Uint8Array(LONGEST_BODY + 1);

/** The bytes of these chunks, `length` in all. */
function joined(chunks, length) {
  if (chunks.length === 1) {
    return chunks[0];
  }
  const bytes = new Uint8Array(length);
  let place = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, place);
    place += chunk.length;
  }
  return bytes;
}

/** As much of a request's body as is read: one byte more than the longest tells that it is too long. */
async function bodyOf(request) {
  if (request.body === null) {
    return "";
  }
  if (Number(request.headers.get("content-length")) > LONGEST_BODY) {
    return tooMany();
  }
  if (request.body === undefined) {
    // Firefox gives no stream of a request.
    return new Uint8Array(await request.arrayBuffer());
  }
  const reader = request.body.getReader();
  const chunks = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return joined(chunks, length);
    }
    if (length + value.length > LONGEST_BODY) {
      // What is left is not waited for.
      reader.cancel().catch(() => {});
      return tooMany();
    }
    chunks.push(value);
    length += value.length;
  }
}

/**
 * The answer of `model` to `request`, a `Request`: a `Response`. `base` is cut off the path's beginning. A
 * body that breaks off is answered as one that is not JSON. What explains answers is the contract's `why`: a function of the model, which is
 * asked where a request asks for that, and may be a promise.
 */
export async function handleWith(model, request, contract, base = "") {
  const { pathname, search } = new URL(request.url);
  const parts = {
    method: request.method,
    path: pathname.startsWith(`${base}/`) ? pathname.slice(base.length) : pathname,
    query: search.slice(1),
    contentType: request.headers.get("content-type") ?? undefined,
    requestedHeaders: request.headers.get("access-control-request-headers") ?? undefined,
  };
  let answered = answer(model, parts, contract);
  // Only where the body decides is an absent one what is wrong; elsewhere nobody waits for it.
  if (answered.status === 400) {
    const body = await bodyOf(request).catch(() => "");
    answered = answer(model, { ...parts, body }, contract, await whyAsked(model, parts.query, contract));
  }
  const { status, headers, body } = answered;
  return new Response(status === 204 || request.method === "HEAD" ? null : body, { status, headers });
}
