import type { Model } from "../model/wardian.js";

export interface ContractRequest {
  /** In upper case. */
  method: string;
  /** Without a query. */
  path: string;
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
}

/** The REST contract as a pure function. */
export function answer(model: Model, request: ContractRequest, contract: Contract): ContractResponse;
/** The shortest decimal that reads back as the same 32-bit float, as Python writes it. */
export function decimal(value: number): string;
