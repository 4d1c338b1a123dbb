/** What is said with the first answer. */
export { default as service } from "./zh/service.js";
export { default as why } from "./zh/why.js";
