/** Any model in a `.wardian` file, with all that the shipped one answers. */
import { Explainer } from "./explain.js";
import { contract } from "../case/case.js";
import { handleWith } from "../contract/handle.js";
import { any, shippedBytes } from "../inside/inside-any.js";
import { readyToExplain } from "../inside/inside-explain.js";
import { columnsOf } from "./tables.js";
import { Told } from "./told.js";

export { columnsOf };

const asked = () => import("../contract/asked.js");

/** The answer of a model to a request by this package's contract. */
const handledAny = (model, request) => handleWith(model, request, { ...contract, why: async () => (await asked()).whyOfAny(model) });

/** This package's contract, with what explains the answers of its own model: imported when it is asked for. */
export const ownContract = () => ({ ...contract, why: async (model) => (await asked()).whyOfOwn(model) });

/** The answer of this package's own model. */
export const handled = (model, request) => handleWith(model, request, ownContract());

/** A model in a `.wardian` file, and the ways to ask it. */
export class Model extends Told {
  #explainer;

  /** The model in these bytes; without bytes the shipped one. */
  constructor(bytes = shippedBytes()) {
    super(bytes, any());
  }

  /** Why one row's answer is what it is. */
  explain(input, options) {
    return this.#explaining().explain(input, options);
  }

  /** The contributions for many rows, as XGBoost's `pred_contribs`. */
  explainMany(rows, options) {
    return this.#explaining().explainMany(columnsOf(rows), options);
  }

  /** As any model's; rows may also be a table of Apache Arrow. */
  predictMany(rows, options) {
    return super.predictMany(columnsOf(rows), options);
  }

  /** The margins likewise. */
  marginsMany(rows, options) {
    return super.marginsMany(columnsOf(rows), options);
  }

  /** The REST contract, answered with this model. */
  handle(request) {
    return handledAny(this, request);
  }

  #explaining() {
    if (this.#explainer === undefined) {
      readyToExplain();
      this.#explainer = new Explainer(this, this.bytes, any());
    }
    return this.#explainer;
  }
}
