/** The REST contract as a fetch handler: in a service worker, in Node, Deno and Bun, in edge workers. */
import { LONGEST_BODY, answer } from "./rest.js";

/** As much of a request's body as is read: one byte more than the longest tells that it is too long. */
async function bodyOf(request) {
  if (request.body === null) {
    return "";
  }
  if (request.body === undefined) {
    // Firefox gives no stream of a request.
    return request.text();
  }
  const reader = request.body.getReader();
  const chunks = [];
  for (let length = 0; length <= LONGEST_BODY; ) {
    const { done, value } = await reader.read();
    if (done) {
      break;
    }
    const taken = value.subarray(0, LONGEST_BODY + 1 - length);
    chunks.push(taken);
    length += taken.length;
  }
  // What is left is not waited for.
  reader.cancel().catch(() => {});
  return new Blob(chunks).text();
}

/** The answer of `model` to `request`, a `Request`: a `Response`. `base` is cut off the path's beginning. */
export async function handleWith(model, request, base = "") {
  const { pathname } = new URL(request.url);
  const path = pathname.startsWith(`${base}/`) ? pathname.slice(base.length) : pathname;
  const { status, headers, body } = answer(model, {
    method: request.method,
    path,
    contentType: request.headers.get("content-type") ?? undefined,
    body: await bodyOf(request),
  });
  return new Response(status === 204 || request.method === "HEAD" ? null : body, { status, headers });
}
