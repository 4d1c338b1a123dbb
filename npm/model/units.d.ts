import type { Category, Feature, InUnit, Value } from "./wardian.js";

export type { InUnit };

/** What is known of a model: `model` of the package, or a `Model`. */
export type Described<Name extends string = string> =
  | { readonly features: readonly Feature<Name>[] }
  | { readonly description: { readonly features: readonly Feature<Name>[] } };

/**
 * The number in the model's unit of `value`, which is in `unit`, rounded to the decimals of the training data. `NaN` and missing
 * codes stay what they are. Throws a `WardianError` that lists the units that are known.
 *
 * @example
 * ```js
 * import { model, predict } from "@@name@@";
 * import { inUnit } from "@@name@@/units";
 * predict({ @@unit-key@@: inUnit(model, @@unit-feature@@, @@unit-given@@) }); // @@unit-answer@@
 * ```
 */
export function inUnit<Name extends string>(model: Described<Name>, feature: NoInfer<Name>, value: number | null | undefined, unit: string): number;

/**
 * A row by name whose values may be `{ value, unit }`, in the model's units.
 *
 * @example
 * ```js
 * predict(inUnits(model, { @@unit-key@@: @@unit-object@@ }));
 * ```
 */
export function inUnits<Name extends string, Given extends Value | Category>(
  model: Described<Name>,
  row: { readonly [name in NoInfer<Name>]?: Given | InUnit } | ReadonlyMap<string, Given | InUnit>,
): { [name in Name]?: Given | number };
