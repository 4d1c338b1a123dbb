/** The REST contract as the default export that edge runtimes ask for. */
import { handle } from "./index.js";

export { handle as fetch };
export default { fetch: handle };
