/** Where the studio's words are, as in `files.js`. */

export const FILES = {
  en: { first: () => import("../studio/words/en.js"), train: () => import("../studio/words/en.train.js") },
  zh: { first: () => import("../studio/words/zh.js"), train: () => import("../studio/words/zh.train.js") },
  es: { first: () => import("../studio/words/es.js"), train: () => import("../studio/words/es.train.js") },
};
export const FILE_OF = { app: "first", studio: "first" };
