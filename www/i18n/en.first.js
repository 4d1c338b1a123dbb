/** What is said before the first answer. */
export { default as app } from "./en/app.js";
export { default as person } from "./en/person.js";
