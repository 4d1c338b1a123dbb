/** Rows whose answers were known when this page was sealed, and these answers: what every product of the case replays. */
import { documentOf } from "../case/documents.js";

let asked;
/** `{ by, columns, rows, predictions, margins }`; asked for again where it could not be had. */
export function goldenRows() {
  asked ??= documentOf("golden").catch((error) => {
    asked = undefined;
    throw error;
  });
  return asked;
}
