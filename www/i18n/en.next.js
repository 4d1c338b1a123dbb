/** What is said with the first answer. */
export { default as service } from "./en/service.js";
export { default as why } from "./en/why.js";
