import type { Model } from "../model/wardian.js";

export interface ContractRequest {
  /** In upper case. */
  method: string;
  /** Without a query. */
  path: string;
  /** What stands behind the path and a question mark. Only `explain` of it is looked at. */
  query?: string;
  contentType?: string;
  /** A preflight's `Access-Control-Request-Headers`. */
  requestedHeaders?: string;
  /** Text, or the bytes of it; one byte more than are read will do of a body that is too long. */
  body?: string | Uint8Array;
}

export interface ContractResponse {
  status: number;
  /** Names in lower case. */
  headers: [string, string][];
  body: string;
}

/** Where predictions are asked for, and the OpenAPI document about that, which is answered at `openapi.json` beside it. */
export interface Contract {
  path: string;
  description: string;
  /** What tells more of a model's answers: asked for by who asks to have them explained. */
  why?(model: Model): Why | Promise<Why>;
}

/** The members of a JSON object that tell more of one row's prediction, as text and without braces. */
export type Why = (row: string, prediction: number | ArrayLike<number>) => string;

/** The REST contract as a pure function. `why` is what `whyAsked` gives. */
export function answer(model: Model, request: ContractRequest, contract: Contract, why?: Why | Error): ContractResponse;
/** What explains the model's answers, where the query asks for that. */
export function whyAsked(model: Model, query: string, contract: Contract): Promise<Why | Error | undefined>;
/** The shortest decimal that reads back as the same 32-bit float, as Python writes it. */
export function decimal(value: number): string;
