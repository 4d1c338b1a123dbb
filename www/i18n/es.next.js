/** What is said with the first answer. */
export { default as service } from "./es/service.js";
export { default as why } from "./es/why.js";
