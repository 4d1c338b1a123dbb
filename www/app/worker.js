/** Workers, each a script of its own beside the page. */
import { scriptAddress } from "./trusted.js";

/** A worker made of `www/<name>/worker.js`. No top-level await in it: it may be bundled whole into a classic script. */
export const startWorker = (name) => new Worker(scriptAddress(`${name}-worker.js`), { name, type: "module" });
