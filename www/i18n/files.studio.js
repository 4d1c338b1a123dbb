/** Where the studio's words are, as in `files.js`. */

export const FILES = {
  en: { first: () => import("../studio/words/en.js") },
  zh: { first: () => import("../studio/words/zh.js") },
  es: { first: () => import("../studio/words/es.js") },
};
export const FILE_OF = { app: "first", studio: "first" };
