/** What is said before the first answer. */
export { default as app } from "./es/app.js";
export { default as person } from "./es/person.js";
