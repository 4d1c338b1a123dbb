/** For workerd, which compiles modules when a worker is deployed and none later. */
import module from "./every.wasm";
import { instantiatedSync } from "./wardian.js";

let started;

/** The module's bytes, or a compiled module. */
export const everySource = () => module;

/** The module, started when it is first asked for. */
export const every = () => (started ??= instantiatedSync(module));
