import { useLanguage } from "../i18n/index.js";

/** Which sheet of a workbook is read, where several have cells. */
export function Sheets({ sheets, sheet, choose }) {
  const { t } = useLanguage();
  return (
    <label class="check">
      <span>{t("rows.sheet")}</span>
      <select id="rows-sheet" value={sheet ?? ""} onChange={({ target }) => choose(target.value)}>
        {sheet === undefined && <option value="" disabled>{t("rows.sheet.none")}</option>}
        {sheets.map((name) => <option key={name} value={name}>{name}</option>)}
      </select>
    </label>
  );
}
