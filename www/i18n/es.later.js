/** What the places say that are fetched when they are first visited. */
export { default as card } from "./es/card.js";
export { default as console } from "./es/console.js";
export { default as proof } from "./es/proof.js";
export { default as rows } from "./es/rows.js";
