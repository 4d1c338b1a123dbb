import { useState } from "preact/hooks";
import { theCase } from "../case/case.js";
import { LANGUAGES, setLanguage, useLanguage } from "../i18n/index.js";
import icon from "../icon.svg";
import { setTheme, theme, THEMES } from "./theme.js";

export function Masthead() {
  const { language, t, has } = useLanguage();
  const [shade, setShade] = useState(theme);
  return (
    <header class="masthead">
      <div class="topline">
        <p class="brand"><img src={icon} alt="" width="24" height="24" /> Wardian</p>
        <div class="settings">
          <label>
            <span class="visually-hidden">{t("app.language")}</span>
            <select id="language" value={language} onChange={(event) => setLanguage(event.target.value)}>
              {Object.entries(LANGUAGES).map(([code, { name }]) => <option key={code} value={code} lang={code}>{name}</option>)}
            </select>
          </label>
          <label>
            <span class="visually-hidden">{t("app.theme")}</span>
            <select id="theme" value={shade} onChange={({ target: { value } }) => { setTheme(value); setShade(value); }}>
              {THEMES.map((name) => <option key={name} value={name}>{t(`app.theme.${name}`)}</option>)}
            </select>
          </label>
        </div>
      </div>
      <h1 dir="auto">{has("app.heading") ? t("app.heading") : theCase().title}</h1>
      <p class="lede" dir="auto">{t("app.lede")}</p>
      {has("app.notice") && <p class="caution" dir="auto"><strong>{t("app.notice")}</strong> {has("app.population") && t("app.population")}</p>}
    </header>
  );
}
