/** For workerd, which compiles modules when a worker is deployed and none later. */
import module from "./wardian.wasm";
import { instantiatedSync } from "../model/wardian.js";

let started;

/** The module's bytes, or a compiled module. */
export const anySource = () => module;

/** The bytes of the shipped model, where the module has them not. */
export const shippedBytes = () => undefined;

/** The module, started when it is first asked for. */
export const any = () => (started ??= instantiatedSync(module));
