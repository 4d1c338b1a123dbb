/** The documents of the case, in blocks of data inside the page. */
import { unpacked } from "../app/files.js";

const block = (id) => JSON.parse(document.getElementById(id).textContent);

/** As in `documents.js`. */
export const ownPage = block("case").page;
export const documentOf = async (key) => block(key);
export const modelBytes = async () => (document.getElementById("model") === null ? undefined : unpacked("model"));
