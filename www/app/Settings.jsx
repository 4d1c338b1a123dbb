import { useState } from "preact/hooks";
import { LANGUAGES, setLanguage, useLanguage } from "../i18n/index.js";
import { setTheme, theme, THEMES } from "./theme.js";

/** The language and the colours. */
export function Settings() {
  const { language, t } = useLanguage();
  const [shade, setShade] = useState(theme);
  return (
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
  );
}
