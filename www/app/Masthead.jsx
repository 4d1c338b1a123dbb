import { theCase } from "../case/case.js";
import { useLanguage } from "../i18n/index.js";
import icon from "../icon.svg";
import { Settings } from "./Settings.jsx";

export function Masthead() {
  const { t, has } = useLanguage();
  return (
    <header class="masthead">
      <div class="topline">
        <p class="brand"><img src={icon} alt="" width="24" height="24" /> Wardian</p>
        <Settings />
      </div>
      <h1 dir="auto">{has("app.heading") ? t("app.heading") : theCase().title}</h1>
      <p class="lede" dir="auto">{t("app.lede")}</p>
      {has("app.notice") && <p class="caution" dir="auto"><strong>{t("app.notice")}</strong> {has("app.population") && t("app.population")}</p>}
    </header>
  );
}
