/** Any model in a `.wardian` file, with all that the shipped one answers. */
import { Explainer } from "./explain.js";
import { handleWith } from "../contract/handle.js";
import { any } from "../inside/inside-any.js";
import { readyToExplain } from "../inside/inside-explain.js";
import { columnsOf } from "./tables.js";
import { decimal64 } from "./decimal.js";
import { labelOf } from "./label.js";
import { decimal } from "../contract/rest.js";
import { Model as Plain } from "./wardian.js";

export { columnsOf, handleWith };

/** Other trainers' links, in the order of their numbers in a file, behind XGBoost's. */
const OTHER_LINKS = [
  "signed square",
  "softplus",
  "softmax (CatBoost)",
  "exponential (CatBoost)",
  "mean and variance (CatBoost)",
  "identity, in 32 bits",
  "logistic (onnxruntime)",
  "softmax (onnxruntime)",
  "softmax (scikit-learn)",
  "isolation score",
];
const OTHER_LINK = 9;

/** A description whose link has its name. */
const withLink = ({ link, ...description }) => ({ ...description, link: typeof link === "number" ? (OTHER_LINKS[link - OTHER_LINK] ?? "a combination") : link });

/** A model in a `.wardian` file, and the ways to ask it. */
export class Model extends Plain {
  #described;
  #explainer;
  /** A copy of the model's file, which workers and explanations are made of. */
  bytes;

  /** The model in these bytes; without bytes the shipped one. */
  constructor(bytes) {
    super(bytes, any());
    if (bytes !== undefined) {
      const { buffer, byteOffset, byteLength } = ArrayBuffer.isView(bytes) ? bytes : new Uint8Array(bytes);
      this.bytes = new Uint8Array(buffer, byteOffset, byteLength).slice();
    }
  }

  /** What the model is. */
  get description() {
    return (this.#described ??= withLink(super.description));
  }

  /** As any model's, with the name of the class that the prediction speaks for, where the file names the classes. */
  predict(input, options) {
    const predicted = super.predict(input, options);
    const label = this.label(predicted.prediction);
    return label === undefined ? predicted : { prediction: predicted.prediction, label, warnings: predicted.warnings };
  }

  /**
   * The name of the class that one row's prediction speaks for: of several numbers the one of the largest, the first of equals; of one, the
   * second class above a half; of an index, that class. Nothing where the file names no classes.
   */
  label(prediction) {
    return labelOf(this.description, prediction);
  }

  /** What writes one of its answers: the shortest decimal that reads back as the same number of their type, laid out as Python does it. */
  get decimal() {
    return this.description.bits === 64 ? decimal64 : decimal;
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
    return handleWith(this, request);
  }

  #explaining() {
    if (this.#explainer === undefined) {
      readyToExplain();
      this.#explainer = new Explainer(this, this.bytes, any());
    }
    return this.#explainer;
  }
}
