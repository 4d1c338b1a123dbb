/** Models to play with, in blocks inside the page. */
import { unpacked } from "../../app/files.js";

export const EXAMPLES = JSON.parse(BUILD.examples);

/** As in `examples.js`. */
export const exampleFile = async (name) => new File([await unpacked(name)], name);
