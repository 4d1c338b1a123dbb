/** Where the studio's words are, as in `files.js`. */

export const FILES = {
  en: { first: () => import("../studio/words/en.js"), train: () => import("../studio/words/en.train.js"), mend: () => import("../studio/words/en.mend.js") },
  zh: { first: () => import("../studio/words/zh.js"), train: () => import("../studio/words/zh.train.js"), mend: () => import("../studio/words/zh.mend.js") },
  es: { first: () => import("../studio/words/es.js"), train: () => import("../studio/words/es.train.js"), mend: () => import("../studio/words/es.mend.js") },
};
export const FILE_OF = { app: "first", studio: "first" };
