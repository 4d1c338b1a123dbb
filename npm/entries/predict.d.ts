export { predict, predictMany } from "./index.js";
