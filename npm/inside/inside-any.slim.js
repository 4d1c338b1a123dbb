/** For `wardian/slim`, whose user says where the module is: the one that was loaded opens the files, too. */
import { ready } from "./inside.js";

export { source as anySource } from "./inside.js";

/** The module that was loaded. */
export function any() {
  ready();
  return undefined;
}
