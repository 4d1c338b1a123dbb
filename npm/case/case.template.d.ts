import type { Category, InUnit, Value } from "../model/wardian.js";

/** The shipped model's inputs. */
export type FeatureName =
  @@feature-names@@;

/** The shipped model's values by name. What is not named is not measured. */
export type Measurements = @@measurements@@;
