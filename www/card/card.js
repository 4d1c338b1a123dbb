/** The model's card, and its texts in the page's language. */
import { useEffect, useState } from "preact/hooks";
import card from "../../models/diabetes/card.page.json";
import { useLanguage } from "../i18n/index.js";

export { card };

const TRANSLATIONS = {
  zh: () => import("./texts/zh.js"),
  es: () => import("./texts/es.js"),
};

/** A function that gives a text of the card in the page's language; `undefined` until that language is there. */
export function useCardTexts() {
  const { language } = useLanguage();
  const [fetched, setFetched] = useState({ language: "en", texts: {} });
  useEffect(() => {
    let isWanted = true;
    Promise.resolve(TRANSLATIONS[language]?.() ?? { default: {} }).then(
      ({ default: texts }) => isWanted && setFetched({ language, texts }),
      // Without its translation the card is read in English, the language it was written in.
      () => isWanted && setFetched({ language, texts: {} }),
    );
    return () => {
      isWanted = false;
    };
  }, [language]);
  return fetched.language === language ? (text) => fetched.texts[text] ?? text : undefined;
}
