/** Where the page's words are. For the studio `files.studio.js` stands here. */

/** Sections that are wanted at one time are in one file. */
export const FILES = {
  en: {
    first: () => import("./en.first.js"),
    next: () => import("./en.next.js"),
    later: () => import("./en.later.js"),
    classes: () => import("./en/classes.js"),
    inputs: () => import("./en/inputs.js"),
    number: () => import("./en/number.js"),
  },
  zh: {
    first: () => import("./zh.first.js"),
    next: () => import("./zh.next.js"),
    later: () => import("./zh.later.js"),
    classes: () => import("./zh/classes.js"),
    inputs: () => import("./zh/inputs.js"),
    number: () => import("./zh/number.js"),
  },
  es: {
    first: () => import("./es.first.js"),
    next: () => import("./es.next.js"),
    later: () => import("./es.later.js"),
    classes: () => import("./es/classes.js"),
    inputs: () => import("./es/inputs.js"),
    number: () => import("./es/number.js"),
  },
};
/** In which file a section is that is not alone in one. */
export const FILE_OF = { app: "first", person: "first", service: "next", why: "next", card: "later", console: "later", proof: "later", rows: "later" };
