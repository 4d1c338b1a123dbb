/** What the shipped model is. */
import card from "./card.page.json";
import { ready } from "../inside/inside.js";

const DESCRIBED = ["name", "title", "outcome", "features", "link", "outputs", "predictions", "treeCount", "splitCount", "sha256"];

/** What the shipped model is: its description, which is read when it is first asked for, and its card. */
export const model = Object.freeze(
  Object.defineProperties(
    { card },
    Object.fromEntries(DESCRIBED.map((name) => [name, { enumerable: true, get: () => ready().description[name] }])),
  ),
);
