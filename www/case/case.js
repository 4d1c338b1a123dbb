/** The case: all that the page says of this one model, in the page's language or, where it has no such texts, in its own. */
import { documentOf, ownPage } from "./documents.js";

let page = ownPage;

/** What the first screen needs: see `docs/CASE.md`. */
export const theCase = () => page;

/** The same in another language, to be given to `speak`. */
export const caseIn = async (language) =>
  language !== ownPage.language && ownPage.languages.includes(language) ? documentOf(`page.${language}`) : ownPage;

export function speak(translated) {
  page = translated;
}

const abouts = {};
function aboutOf({ language }) {
  abouts[language] ??= documentOf(`about.${language}`).catch((error) => {
    // It may be had the next time.
    delete abouts[language];
    throw error;
  });
  return abouts[language];
}

/** What is told of the model elsewhere than on the first screen; a promise that is made once a language. */
export const about = () => aboutOf(page);

/** The case's words for the other places, by its page document; without them the page's own are said. */
export const wordsElsewhere = (of) => aboutOf(of).then(({ words }) => words, () => undefined);
