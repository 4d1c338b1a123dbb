import type { FeatureName, Input } from "./index.js";
import type { Model } from "./index.js";

/** Values of a feature that were observed, ascending: one, the least, for all that no tree tells apart; and for how many rows each stands. */
export interface ObservedValues {
  values: number[];
  counts: number[];
}

/** By feature: the member `observed` of a `case.json`. */
export type Observed<Name extends string = string> = { [name in Name]?: ObservedValues };

/** What is not known of an answer for want of one value. Of a model of several predictions each has a number for each of them. */
export interface Unknown<Name extends string = string> {
  feature: Name;
  /** The least answer over the observed values. */
  low: number | number[];
  /** The largest. */
  high: number | number[];
  /** The standard deviation of the answers over the observed values, each as often as it was observed. */
  spread: number | number[];
}

/** What was observed of this package's case; nothing where it does not tell it. */
export const observed: Observed<FeatureName> | undefined;

/**
 * For each value that a row lacks and that was observed elsewhere: between which answers of this package's model the row's lies if it is
 * one of those. One value at a time: others that are missing stay so. The one that would tell most comes first: over whose values answers
 * vary most. What no tree asks for is left out.
 *
 * @example
 * ```js
 * for (const { feature, low, high } of unknown(@@array@@)) {
 *   console.log(`${feature} unknown: ${low} to ${high} if measured`);
 * }
 * ```
 */
export function unknown(input: @@row@@): Unknown<FeatureName>[];
/** The same of any model by any case's `observed`. */
export function unknownOf(model: Pick<Model, "predict" | "predictMany" | "description">, observed: Observed | undefined, input: Input): Unknown[];
