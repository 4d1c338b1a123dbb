/** The shipped model's inputs. */
export type FeatureName =
  | "times_pregnant" | "glucose" | "blood_pressure" | "skin_fold_thick"
  | "serum_insulin" | "mass_index" | "diabetes_pedigree" | "age";

/** A measured value; `null`, `undefined` and `NaN` mean "not measured". */
export type Value = number | null | undefined;

/**
 * One row: the comma-separated text of the REST contract, its body, the values in feature order, or values by name.
 */
export type Input =
  | string
  | { data: string }
  | readonly Value[]
  | Float32Array
  | Float64Array
  | { readonly [name in FeatureName]?: Value };

/** Many rows: an array of rows, whole rows one after another in a typed array, or columns by name. */
export type Rows =
  | readonly Input[]
  | Float32Array
  | Float64Array
  | { readonly [name in FeatureName]?: readonly Value[] | Float32Array | Float64Array };

/** Something to know about a row that is answered all the same. */
export interface Warning {
  code: "outside_training_range" | "never_missing_in_training";
  field: FeatureName;
  message: string;
}

export interface Prediction {
  /** The model's 32-bit float, widened exactly: the probability of the outcome, 0 to 1. */
  prediction: number;
  warnings: Warning[];
}

/** What every function here throws. */
export interface WardianError extends Error {
  name: "WardianError";
  code:
    | "empty_input" | "wrong_field_count" | "not_a_number" | "not_finite"
    | "unknown_field" | "wrong_type";
  field?: string;
}

export interface Feature {
  name: FeatureName;
  label: string;
  /** Empty where there is none. */
  unit: string;
  description: string;
  /** The range of the measured values among the training rows. */
  minimum?: number;
  maximum?: number;
  /** Digits after the point in the training data. */
  decimals?: number;
  /** Values that mean "not measured". */
  missingCodes: number[];
  /** Whether any training row lacked it. */
  mayBeMissing: boolean;
}

export interface ModelDescription {
  name: string;
  title: string;
  outcome: string;
  features: Feature[];
  treeCount: number;
  splitCount: number;
  /** Of the model's `.wardian` bytes, in hexadecimal. */
  sha256: string;
}

export interface ContractRequest {
  /** In upper case. */
  method: string;
  /** Without a query. */
  path: string;
  contentType?: string;
  body?: string;
}

export interface ContractResponse {
  status: number;
  /** Names in lower case. */
  headers: [string, string][];
  body: string;
}

/** The prediction for one row. Throws a `WardianError`. */
export function predict(input: Input): Prediction;
/** One prediction a row. Throws a `WardianError` that names the first bad row. */
export function predictMany(rows: Rows): Float32Array;
/** What the model is. */
export function model(): ModelDescription;
/** The REST contract as a pure function. */
export function answer(request: ContractRequest): ContractResponse;
