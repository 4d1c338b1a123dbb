/** For `wardian/slim` and sealed packages: the one module that there is opens the files, too. */
import { ready } from "./inside.js";

export { source as anySource, bytes as shippedBytes } from "./inside.js";

/** The module that was loaded. */
export function any() {
  ready();
  return undefined;
}
