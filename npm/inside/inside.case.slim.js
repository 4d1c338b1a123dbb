/** For a sealed package's `/slim`, whose user says where the module is; the model is inside all the same. */
import { exchanged, length, text } from "./model.text.js";
import { bytesOf } from "./text.js";

/** The bytes of the model's `.wardian` file. */
export const bytes = () => bytesOf(text, length, exchanged);

export { ready, source } from "./inside.slim.js";
