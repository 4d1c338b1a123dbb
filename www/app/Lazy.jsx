import { useEffect, useState } from "preact/hooks";
import { loadSections, useLanguage } from "../i18n/index.js";

/** A component that is fetched when it is first shown, with the sections of strings that it speaks and the style that it needs. */
export function Lazy({ from, sections, style, ...rest }) {
  const { t } = useLanguage();
  const [state, setState] = useState({});
  useEffect(() => {
    Promise.all([from(), loadSections(sections), style?.()]).then(
      ([{ default: Component }]) => setState({ Component }),
      (error) => setState({ error }),
    );
  }, []);
  if (state.error) {
    return <p class="failure" role="alert">{t("app.failure.part", { reason: state.error.message })}</p>;
  }
  return state.Component ? <state.Component {...rest} /> : <p class="loading">{t("app.loading")}</p>;
}
