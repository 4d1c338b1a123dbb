import { useLanguage } from "../i18n/index.js";
import { Choose, Drop } from "./Drop.jsx";
import { Fault } from "./Fault.jsx";
import { useWork } from "./useWork.js";
import { work } from "./work.js";

const ACCEPTED = ".csv,.tsv,.txt,.xlsx,.xlsb,.xlsm,.xls,.ods,.jsonl,.ndjson,.json,.gz,text/csv,text/plain";

/** A file of rows that is given, or may be. */
function Slot({ which, given, children }) {
  const { t } = useLanguage();
  const choose = (file) => work.give(which, file);
  return (
    <Drop class="small" choose={choose} id={`drop-${which}`}>
      <h3>{t(`studio.${which}`)}</h3>
      <p class="help">{t(`studio.${which}.help`)}</p>
      {given !== undefined && <p class="detail" id={`${which}-name`} dir="auto">{given.file.name}{given.reading ? ` · ${t("app.loading")}` : ""}</p>}
      <div class="actions">
        <Choose id={`${which}-file`} choose={choose} accept={ACCEPTED}>{t(given === undefined ? `studio.${which}.choose` : "studio.rows.another")}</Choose>
        {given !== undefined && <button type="button" id={`${which}-remove`} onClick={() => work.give(which, undefined)}>{t("studio.rows.remove")}</button>}
      </div>
      {given?.error !== undefined && <Fault id={`${which}-fault`} error={given.error} place={given.file.name} />}
      {children}
    </Drop>
  );
}

/** Which of the other columns was to be predicted. */
function Label({ others, label }) {
  const { t } = useLanguage();
  return (
    <label class="field">
      <span>{t("studio.label")}</span>
      <select id="label" value={label} onChange={({ target }) => work.sayLabel(target.value)}>
        <option value="">{t("studio.label.none")}</option>
        {[...new Set(label === "" || others.includes(label) ? others : [label, ...others])].map((name) => <option key={name} value={name}>{name}</option>)}
      </select>
    </label>
  );
}

export function Rows() {
  const { t } = useLanguage();
  const { rows, told, label } = useWork();
  const hasData = rows.data !== undefined && rows.data.error === undefined;
  const isChecked = rows.predictions !== undefined && told !== undefined && told.by !== "wardian";
  return (
    <section class="card" aria-labelledby="data-title">
      <h2 id="data-title">{t("studio.rows")}</h2>
      <Slot which="data" given={rows.data}>
        {hasData && told?.rows !== undefined && told.rows !== null && <p id="data-told">{t("studio.data.told", { count: told.rows })}</p>}
        {hasData && told?.others?.length > 0 && <Label others={told.others} label={label} />}
      </Slot>
      {hasData && (
        <Slot which="predictions" given={rows.predictions}>
          {isChecked && <p class="well" id="predictions-told">{t("studio.predictions.told", { count: told.compared, by: told.by })}</p>}
        </Slot>
      )}
    </section>
  );
}
