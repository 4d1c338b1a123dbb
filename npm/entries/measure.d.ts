import type { Certainty, Figures } from "./certainty.js";
import type { Input, Model, RowOptions, Rows } from "./index.js";

/** What may be asked of {@link judge}. */
export interface JudgeOptions extends RowOptions {
  /** What the answer is, where the model's file does not say; of a number, that it is a count. */
  kind?: "risk" | "classes" | "number" | "count" | "time";
  /** What group a row is of: figures are told for each as well. */
  groups?: ArrayLike<unknown>;
  /** What these groups are called. */
  group?: string;
  /** From this risk on a row is told positive: 0.5 where nothing is said. */
  threshold?: number;
}

/** What rows tell. */
export interface Judged {
  /** How good the answers are: what a `case.json` has as `figures`. */
  figures: Figures;
  /** How sure they are: what a `case.json` has as `certainty`, and `intervalOf` of `wardian/certainty` takes. */
  certainty: Certainty | undefined;
  /** Why the rows do not tell how sure they are. */
  notKnown: string | undefined;
  /** What to know of the rows, a sentence each. */
  notes: string[];
}

/**
 * How good and how sure a model's answers are, by rows with labels that it was not trained on: what `wardian figures` says, bit for bit. A
 * label is a number, a boolean, or the name of a class. Names the first bad row.
 *
 * @example
 * ```js
 * const { figures, certainty } = await judge(new Model(bytes), rows, labels);
 * ```
 */
export function judge(model: Pick<Model, "predictMany" | "description">, rows: Rows, labels: ArrayLike<unknown>, options?: JudgeOptions): Promise<Judged>;
/** The figures alone. */
export function figures(model: Pick<Model, "predictMany" | "description">, rows: Rows, labels: ArrayLike<unknown>, options?: JudgeOptions): Promise<Figures>;

/** Values of a feature between which no tree tells. */
export interface CurveStep {
  /** The smallest of these values, or `-Infinity`; of a feature with categories the category's code. */
  from: number;
  /** The first value that is larger than these, or `Infinity`; of a feature with categories its code again. */
  to: number;
  /** The one that was asked: the middle, where there are two ends. */
  value: number;
  prediction: number | number[];
}

/** The predictions for one row as one feature changes. */
export interface Curve {
  /** In ascending order of their values. */
  steps: CurveStep[];
  /** Where the feature is not measured. */
  missing: number | number[];
}

/** What may be asked of {@link curve}. */
export interface CurveOptions extends RowOptions {
  /** The most steps, evenly chosen with both ends: 1000 where nothing is said. */
  points?: number;
}

/** A name that is to be one of those which other parameters have. */
type Known<Name> = [Name][Name extends unknown ? 0 : never];

/**
 * What if one value were another: the predictions for one row as one of its features takes every value that makes a difference, exact and no
 * sample, as between two cuts trees do not tell values apart.
 *
 * @example
 * ```js
 * const { steps } = await curve(new Model(), @@text@@, @@unit-feature@@);
 * ```
 */
export function curve<Name extends string>(model: Pick<Model<Name>, "predict" | "description">, input: Input<Name>, feature: Known<Name>, options?: CurveOptions): Promise<Curve>;
