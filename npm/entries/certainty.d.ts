/** An interval in which a number is to be expected in `level` cases of 100. */
export interface Interval {
  level: number;
  low: number;
  high: number;
}

/** The range of a risk by Venn-Abers: one of its ends is calibrated; `merged` is the number between that loses least. */
export interface RiskRange {
  low: number;
  high: number;
  merged: number;
  /** Whether the answer itself lies outside: among rows with such answers the share of positive ones was another than it says. */
  outside: boolean;
}

/** The classes of which one is to be expected in `level` cases of 100: never none. */
export interface ClassSet<Class = string> {
  level: number;
  classes: Class[];
}

/** A step function: `values` are said at the answers `at`. */
export interface Steps {
  at: number[];
  values: number[];
}

/** What a case says of how sure its answers are: the member `certainty` of its `case.json`. */
export interface Certainty {
  rows: number;
  source?: string;
  folds: number;
  intervals?: {
    method: "absolute" | "local";
    rows: number;
    bounds?: number[];
    scales?: number[];
    levels: { level: number; score: number; coverage: number; standard_error: number; width: number }[];
  }[];
  least?: number;
  risk?: {
    low: Steps;
    high: Steps;
    positive: number;
    chosen: number;
    standard_error: number;
    brier: number;
    brier_merged: number;
    agreement: { rows: number; low: number; high: number; seen: number }[];
  };
  sets?: { level: number; least: number; coverage: number; standard_error: number; size: number }[];
}

/** A number with its 95 % interval, where there is one. */
export interface Estimate {
  value: number;
  low?: number;
  high?: number;
}

/** How good answers are: of a risk, of classes or of a number. */
export interface Measures {
  risk?: {
    positive: number;
    auc?: Estimate;
    brier: Estimate;
    log_loss: Estimate;
    calibration: { rows: number; mean: number; seen: Estimate }[];
    confusion: {
      threshold: number;
      true_positive: number;
      false_positive: number;
      true_negative: number;
      false_negative: number;
      accuracy: Estimate;
      sensitivity?: Estimate;
      specificity?: Estimate;
      precision?: Estimate;
    };
  };
  classes?: { accuracy: Estimate; log_loss?: Estimate; auc?: Estimate; classes: string[]; confusion: number[][] };
  number?: { rmse: Estimate; mae: Estimate; r2?: number; bias: Estimate; poisson_deviance?: number };
}

/** What a case says of how good its answers are: the member `figures` of its `case.json`. */
export interface Figures {
  rows: number;
  source?: string;
  all: Measures;
  by?: string;
  groups?: { name: string; rows: number; measures: Measures }[];
}

/** An answer: what `predict` gives, or the prediction in it. */
export type Answer = number | ArrayLike<number> | { readonly prediction: number | ArrayLike<number> };
/** `level` is in how many cases of 100 what is said is to hold: 80, 90 or 95; 90 where nothing is said. */
export interface IntervalOptions {
  level?: number;
}

/** How sure this package's answers are; nothing where its case does not tell it. */
export const certainty: Certainty | undefined;
/** How good this package's answers are; nothing where its case does not tell it. */
export const figures: Figures | undefined;

/**
 * How sure an answer of this package's model is, by rows with labels that it was not trained on; nothing where its case does not tell it.
 *
 * @example
 * ```js
 * interval(predict(@@text@@));
 * ```
 */
export function interval(answer: Answer, options?: IntervalOptions): @@sure-type@@ | undefined;
/** The same of any case's `certainty`; classes are told by their indices. */
export function intervalOf(certainty: Certainty | undefined, answer: Answer, options?: IntervalOptions): Interval | RiskRange | ClassSet<number> | undefined;
