import type { FeatureName } from "../case/case.js";

export type { FeatureName };

/** A measured value; `true` is 1 and `false` 0; `null`, `undefined` and `NaN` mean "not measured". */
export type Value = number | boolean | null | undefined;

/** A value in a unit of its own, which rows may have where `wardian/units` is imported: `{ value: 150, unit: "lb" }`. */
export interface InUnit {
  readonly value: number | null | undefined;
  readonly unit: string;
}

/**
 * A category: its name, or its code where that is what is known. A number is the trainer's value: of categories 7 and 10 the
 * number 10 is the one named 10. Where names are words, a number is refused. A boolean is the category `True` or `False`, where there
 * are no others.
 */
export type Category = string | { readonly code: number };

/** Numbers in a typed array of any kind but 64-bit integers. */
export type Numbers = ArrayBufferView & ArrayLike<number>;

/**
 * One row: comma-separated text, the REST contract's body, the values in feature order, values by name in an object or a Map, or
 * the texts of a form's fields. `Given` is what a value may be.
 */
export type Input<Name extends string = string, Given = Value | InUnit> =
  | string
  | { data: string }
  | readonly Given[]
  | Numbers
  | ReadonlyMap<string, Given>
  | FormData
  | URLSearchParams
  | { readonly [name in Name]?: Given };

/** What is asked of a table of Apache Arrow. */
export interface Table {
  readonly schema: { readonly fields: readonly { readonly name: string }[] };
  getChild(name: any): unknown;
}

/**
 * Many rows: an array of rows, whole rows one after another in a typed array (the fast path), columns by name in an object or a
 * Map, or, but in `wardian/predict`, a table of Apache Arrow.
 */
export type Rows<Name extends string = string, Given = Value | InUnit> =
  | readonly Input<Name, Given>[]
  | Numbers
  | ReadonlyMap<string, readonly Given[] | Numbers>
  | Table
  | { readonly [name in Name]?: readonly Given[] | Numbers };

/** How rows are read. */
export interface RowOptions {
  /** Numbers of features with categories are the categories' codes, as in a typed array made for the trainer. */
  codes?: boolean;
  /**
   * Rows' own base margins (an exposure's logarithm, an offset, another model's margin), on the margin's scale: one for each row and
   * output, in place of the model's base score. XGBoost's `base_margin`. Of a {@link Model} only; `new Model()` is the shipped one.
   */
  baseMargin?: number | readonly number[] | Numbers;
}

/** Answers in the trainer's own type: 64-bit floats of LightGBM, CatBoost and scikit-learn, 32-bit ones of XGBoost and ONNX. */
export type Answers = Float32Array | Float64Array;

/** Something to know about a row that is answered all the same. */
export interface Warning<Name extends string = string> {
  code: "outside_training_range" | "unseen_category" | "never_missing_in_training";
  field: Name;
  message: string;
}

export interface Prediction<Name extends string = string> {
  /** The trainer's own floats, of 32 bits widened exactly: of a binary model the probability of the outcome; of several outputs an array. */
  prediction: number | number[];
  /** The name of the class that the prediction speaks for, where the file names its classes: see {@link ModelDescription.classes}. */
  label?: string;
  warnings: Warning<Name>[];
}

/** What every function here throws. */
export interface WardianError extends Error {
  name: "WardianError";
  code:
    | "empty_input" | "wrong_field_count" | "not_a_number" | "not_finite" | "unknown_field" | "unknown_category"
    | "wrong_type" | "invalid_model" | "unsupported_model" | "invalid_schema" | "invalid_option" | "no_covers";
  field?: string;
}

export interface Feature<Name extends string = string> {
  name: Name;
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
  /** The names of its categories in the order of their codes; empty for a number. */
  categories: string[];
  /** Whether a category that training did not see has an answer, with a warning; else it is an error. */
  takesUnseen: boolean;
}

export interface ModelDescription<Name extends string = string> {
  name: string;
  title: string;
  outcome: string;
  features: Feature<Name>[];
  /** What maps margins to predictions. */
  link: string;
  /** The classes' names in the order of the predictions, of a binary model two; empty where the file has none. */
  classes: string[];
  /** How many bits the trainer's answers have: a `Float32Array` or a `Float64Array` of them comes of many rows. */
  bits: 32 | 64;
  /** How many margins a row has. */
  outputs: number;
  /** How many predictions a row has. */
  predictions: number;
  treeCount: number;
  splitCount: number;
  /** Of the shipped model's `.wardian` bytes, in hexadecimal. */
  sha256?: string;
}

/** A model in a `.wardian` file, and the ways to ask it. The module must have been loaded. */
export class Model<Name extends string = string> {
  /** The model in these bytes; without bytes the shipped one. Throws a `WardianError` for bytes that are no model. */
  constructor(bytes?: Uint8Array);
  /** What the model is. */
  readonly description: ModelDescription<Name>;
  /** The prediction for one row, and what to know before trusting it. */
  predict(input: Input<Name, Value | InUnit | Category>, options?: RowOptions): Prediction<Name>;
  /** The prediction alone: a number, or an array where a row has several. */
  predictValue(input: Input<Name, Value | InUnit | Category>, options?: RowOptions): number | number[];
  /** `description.predictions` numbers a row, row after row. Names the first bad row, counting `before` rows more. */
  predictMany(rows: Rows<Name, Value | InUnit | Category>, options?: RowOptions, before?: number): Answers;
  /** `description.outputs` margins a row, the sums of the trees before the link. */
  marginsMany(rows: Rows<Name, Value | InUnit | Category>, options?: RowOptions, before?: number): Answers;
  /** Gives the model's memory back. Nothing can be asked of it any more. */
  free(): void;
}

/** Makes the module ready: from its bytes, its compiled module, a response, or the address of one. */
export function load(source: BufferSource | WebAssembly.Module | Response | Promise<Response> | URL | string): Promise<void>;
/** As `load`, at once, from bytes or a compiled module. */
export function loadSync(source: BufferSource | WebAssembly.Module): void;
/** The shipped model's prediction for one row. */
export function predict(input: @@row@@, options?: RowOptions): @@predicted@@;
/** One prediction of the shipped model a row. */
export function predictMany(rows: @@rows@@, options?: RowOptions): @@answers@@;
/** What the shipped model is. */
export function model(): ModelDescription<FeatureName>;
/** The shipped model itself. */
export function shippedModel(): Model<FeatureName>;
/** How much memory the module has, in bytes. */
export function memoryBytes(): number;
