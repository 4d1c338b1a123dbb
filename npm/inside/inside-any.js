/** Where the default entry has the module for anybody's model from: a script of its own, left out by a bundler where nobody opens a file. */
import text, { exchanged, length } from "./engine.text.js";
import { instantiatedSync } from "../model/wardian.js";
import { bytesOf } from "./text.js";

let started;

/** The module's bytes, or a compiled module. */
export const anySource = () => bytesOf(text, length, exchanged);

/** The bytes of the shipped model, where the module has them not. */
export const shippedBytes = () => undefined;

/** The module, started when it is first asked for. */
export const any = () => (started ??= instantiatedSync(anySource()));
