/** Workers, each a script of its own beside the page. In the single file `worker.single.js` stands here. */
import { scriptAddress } from "./trusted.js";

/** A worker made of `www/<name>/worker.js`, which is bundled whole into a classic script: no top-level await in it. */
export const startWorker = (name) => new Worker(scriptAddress(BUILD.workers[name]), { name });
