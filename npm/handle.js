/** The REST contract as a fetch handler: in a service worker, in Node, Deno and Bun, in edge workers. */
import { LONGEST_BODY, answer } from "./rest.js";

/** As much of a request's body as is read: one byte more than the longest tells that it is too long. */
async function bytesOf(request) {
  if (request.body === undefined) {
    // Firefox gives no stream of a request.
    return new Uint8Array(await request.arrayBuffer());
  }
  const bytes = new Uint8Array(LONGEST_BODY + 1);
  let length = 0;
  const reader = request.body?.getReader();
  while (reader !== undefined && length < bytes.length) {
    const { done, value } = await reader.read();
    if (done) {
      return bytes.subarray(0, length);
    }
    const taken = value.subarray(0, bytes.length - length);
    bytes.set(taken, length);
    length += taken.length;
  }
  // What is left is not waited for.
  reader?.cancel().catch(() => {});
  return bytes.subarray(0, length);
}

/** The body's text; of one that is no text, or breaks off, what no parser takes for JSON. */
async function textOf(request) {
  try {
    const bytes = await bytesOf(request);
    // One that is too long may have been cut in the middle of a character.
    return new TextDecoder("utf-8", { fatal: bytes.length <= LONGEST_BODY }).decode(bytes);
  } catch {
    return "";
  }
}

/** The answer of `model` to `request`, a `Request`: a `Response`. `base` is cut off the path's beginning. Never throws. */
export async function handleWith(model, request, base = "") {
  const { pathname } = new URL(request.url);
  const parts = {
    method: request.method,
    path: pathname.startsWith(`${base}/`) ? pathname.slice(base.length) : pathname,
    contentType: request.headers.get("content-type") ?? undefined,
  };
  let answered = answer(model, { ...parts, body: "" });
  // Only where the body decides is an empty one what is wrong; elsewhere nobody waits for it.
  if (answered.status === 400) {
    answered = answer(model, { ...parts, body: await textOf(request) });
  }
  const { status, headers, body } = answered;
  return new Response(status === 204 || request.method === "HEAD" ? null : body, { status, headers });
}
