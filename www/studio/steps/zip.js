/** A folder as one file to download. */
import { zipSync } from "fflate";

/** No time of making: the same folder gives the same file. */
const mtime = new Date(1980, 0, 1);
/** What is packed already. */
const PACKED = /\.(png|gz|wasm)$/;

/** The files of a folder, by their names in it, in a folder of this name. */
export const zipped = (files, name) =>
  zipSync(Object.fromEntries(Object.entries(files).map(([path, bytes]) => [`${name}/${path}`, [bytes, { level: PACKED.test(path) ? 0 : 6, mtime }]])));
