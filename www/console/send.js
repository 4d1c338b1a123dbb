/** Sending: through `fetch` where a service worker answers, and through the same function in the page where none can. */
import { handleWith } from "wardian/handle.js";
import { shippedModel } from "wardian/wardian.js";
import { note } from "../app/latency.js";
import { theCase } from "../case/case.js";
import { wasm } from "../app/files.js";
import { documentOf, modelBytes } from "../case/documents.js";
import { asked } from "../service/contract.js";
import { addressOf, init } from "./written.js";

/** A host of no page: the request is made, and never sent. */
const NOWHERE = "https://page.invalid";
/** As much of a body as is shown. */
const LONGEST_SHOWN = 100_000;

/** A document of the case; nothing where it has none. */
const ifAny = (key) => documentOf(key).catch(() => undefined);

/** What explains answers, fetched when a request asks for it. */
async function why(asking) {
  const { whyHere } = await import("../service/why.js");
  return whyHere(asking, { module: wasm("explain_bg.wasm"), bytes: modelBytes(), certainty: ifAny("certainty"), observed: ifAny("observed") });
}

/** As the service worker would answer it; the monitor hears how long that takes. */
async function inPage(request) {
  const contract = { path: theCase().rest, description: JSON.stringify(await documentOf("openapi")), why };
  const began = performance.now();
  const response = await handleWith(asked(shippedModel()), new Request(NOWHERE + request.path, init(request)), contract);
  if (request.method === "POST" && response.ok) {
    note("rest", performance.now() - began);
  }
  return response;
}

/** Sends a request: `{ status, phrase, headers, body, isCut, milliseconds }`. */
export async function send(request, isInPage) {
  const began = performance.now();
  const response = await (isInPage ? inPage(request) : fetch(addressOf(request.path, document.baseURI), init(request)));
  const body = await response.text();
  const milliseconds = performance.now() - began;
  return {
    status: response.status,
    phrase: response.statusText,
    headers: [...response.headers],
    body: body.slice(0, LONGEST_SHOWN),
    isCut: body.length > LONGEST_SHOWN,
    milliseconds,
  };
}
