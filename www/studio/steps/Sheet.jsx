import { useLanguage } from "../../i18n/index.js";

/** Which sheet of a workbook is read, where several have cells. */
export function Sheet({ id, sheets, sheet, choose }) {
  const { t } = useLanguage();
  return (
    <label class="field">
      <span>{t("studio.sheet")}</span>
      <select id={id} value={sheet ?? ""} aria-invalid={sheet === undefined} onChange={({ target }) => choose(target.value)}>
        {sheet === undefined && <option value="" disabled>{t("studio.sheet.none")}</option>}
        {sheets.map((name) => <option key={name} value={name}>{name}</option>)}
      </select>
    </label>
  );
}
