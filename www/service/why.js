/** What explains the contract's answers, in the service worker and in the page: made when a request asks for it. */
import { explain, loadExplainer } from "wardian/explain.js";
import { room, shippedModel } from "wardian/wardian.js";
import { whyOf } from "../../npm/contract/why.js";

/**
 * For the model as the contract asks it. `module` is that which explains; `bytes` are the model's, where no module has it inside;
 * `certainty` and `observed` are documents of the case, where there are such. Each may be a promise.
 */
export async function whyHere(asking, { module, bytes, certainty, observed }) {
  const [sure, seen] = await Promise.all([certainty, observed, loadExplainer(await module, await bytes)]);
  return whyOf({ model: shippedModel(), explain, certainty: sure, observed: seen, room, written: asking.decimal });
}
