/** What is said before the first answer. */
export { default as app } from "./zh/app.js";
export { default as person } from "./zh/person.js";
