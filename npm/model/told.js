/** A model of any trainer's in words: its link's name, the name of the class that it answers, its answers as texts. */
import { decimal } from "../contract/rest.js";
import { decimal64 } from "./decimal.js";
import { labelOf } from "./label.js";
import { Model } from "./wardian.js";

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

/** A model that says these. */
export class Told extends Model {
  #described;
  /** A copy of the model's file, which workers and explanations are made of. */
  bytes;

  /** The model in these bytes; without bytes the shipped one. */
  constructor(bytes, module) {
    super(bytes, module);
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
}
