/** What is told of the model elsewhere than on the first screen: its card, in the page's language. */
import { useEffect, useState } from "preact/hooks";
import { about } from "../case/case.js";
import { useLanguage } from "../i18n/index.js";

/** The document, `{ card, trainer, … }`; `undefined` until that language's is there. */
export function useAbout() {
  const { language } = useLanguage();
  const [fetched, setFetched] = useState({});
  useEffect(() => {
    let isWanted = true;
    about().then(
      (said) => isWanted && setFetched({ language, said }),
      // Without it there is less to read, and the rest of the place works.
      () => isWanted && setFetched({ language, said: {} }),
    );
    return () => {
      isWanted = false;
    };
  }, [language]);
  return fetched.language === language ? fetched.said : undefined;
}
