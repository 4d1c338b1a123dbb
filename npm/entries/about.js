/** What the shipped model is. */
import { about, card } from "../case/case.js";
import { ready } from "../inside/inside.js";

const DESCRIBED = ["name", "title", "outcome", "features", "link", "classes", "bits", "outputs", "predictions", "treeCount", "splitCount", "sha256"];

/** What the shipped model is: its description, which is read when it is first asked for, and its card. */
export const model = Object.freeze(
  Object.defineProperties(
    { card, ...about },
    Object.fromEntries(DESCRIBED.filter((name) => !(name in about)).map((name) => [name, { enumerable: true, get: () => ready().description[name] }])),
  ),
);
