/** What the places say that are fetched when they are first visited. */
export { default as card } from "./en/card.js";
export { default as console } from "./en/console.js";
export { default as proof } from "./en/proof.js";
export { default as rows } from "./en/rows.js";
