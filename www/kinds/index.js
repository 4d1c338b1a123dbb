/**
 * Kinds of answers, each shown in a way of its own. A kind is fetched with the page's first scripts, and is an object of
 *
 * - `section`: the section of the page's words that it speaks;
 * - `answerOf(model, row)`: what is shown of a row's prediction;
 * - `Result`: the answer; `headline(answer, page)`, `spoken(answer, page)`: in a few words;
 * - `Empty`: what stands there before there is one;
 * - `why`: how contributions are told (see `../person/Why.jsx`), `curve`: what-if (see `../person/Curves.jsx`).
 */
const NAMES = { risk: "risk", classes: "classes", targets: "targets" };
const KINDS = {
  risk: () => import("./risk.jsx"),
  classes: () => import("./classes.jsx"),
  number: () => import("./number.jsx"),
  targets: () => import("./targets.jsx"),
};

/** What shows the answers of a case of this kind. */
export const nameOf = (kind) => NAMES[kind] ?? "number";
export const kindOf = async (kind) => (await KINDS[nameOf(kind)]()).default;
