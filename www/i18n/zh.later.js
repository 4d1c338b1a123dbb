/** What the places say that are fetched when they are first visited. */
export { default as card } from "./zh/card.js";
export { default as console } from "./zh/console.js";
export { default as proof } from "./zh/proof.js";
export { default as rows } from "./zh/rows.js";
