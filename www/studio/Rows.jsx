import { useLanguage } from "../i18n/index.js";
import { Choose, Drop } from "./Drop.jsx";
import { Fault } from "./Fault.jsx";
import { useWork } from "./useWork.js";
import { work } from "./work.js";

export const ROWS_ACCEPTED = ".csv,.tsv,.txt,.xlsx,.xlsb,.xlsm,.xls,.ods,.jsonl,.ndjson,.json,.gz,text/csv,text/plain";

/** Of how many inputs groups may be told. */
const MOST_LISTED = 100;

/** What the program calls each kind of rows. */
const OPTIONS = { data: "--data", predictions: "--predictions", heldOut: "--held-out" };

/** Whether a fault is one of these rows. */
export const isOf = (fault, which, { name }) => fault !== undefined && [`${name}:`, `${name},`, OPTIONS[which]].some((start) => fault.message.startsWith(start));

/** A file of rows that is given, or may be. */
function Slot({ which, given, children }) {
  const { t } = useLanguage();
  const { fault } = useWork();
  // What is wrong with these rows is told here, beside them; what is wrong with the words, beside those.
  const error = given?.error ?? (given !== undefined && isOf(fault, which, given.file) ? fault : undefined);
  const choose = (file) => work.give(which, file);
  return (
    <Drop class="small" choose={choose} id={`drop-${which}`}>
      <h3>{t(`studio.${which}`)}</h3>
      <p class="help">{t(`studio.${which}.help`)}</p>
      {given !== undefined && <p class="detail" id={`${which}-name`} dir="auto">{given.file.name}{given.reading ? ` · ${t("app.loading")}` : ""}</p>}
      <div class="actions">
        <Choose id={`${which}-file`} choose={choose} accept={ROWS_ACCEPTED}>{t(given === undefined ? `studio.${which}.choose` : "studio.rows.another")}</Choose>
        {given !== undefined && <button type="button" id={`${which}-remove`} onClick={() => work.give(which, undefined)}>{t("studio.rows.remove")}</button>}
      </div>
      {error !== undefined && <Fault id={`${which}-fault`} error={error} place={given.file.name} />}
      {children}
    </Drop>
  );
}

/** A column that is no input: the one that was to be predicted, or one that tells groups. */
function Column({ which, others, value }) {
  const { t } = useLanguage();
  const names = [...new Set(value === "" || others.includes(value) ? others : [value, ...others])];
  return (
    <label class="field">
      <span>{t(`studio.${which}`)}</span>
      <select id={which} value={value} onChange={({ target }) => work.sayColumn(which, target.value)}>
        <option value="">{t("studio.column.none")}</option>
        {names.map((name) => <option key={name} value={name}>{name}</option>)}
      </select>
    </label>
  );
}

/** What was measured on rows that were not trained on. */
function Measured({ figures, certainty }) {
  const { t, number } = useLanguage();
  const [kind] = Object.keys(figures.all);
  const shown = { risk: ["auc", "brier", "log_loss"], classes: ["accuracy", "log_loss", "auc"], number: ["rmse", "mae", "r2"] }[kind] ?? [];
  const own = figures.all[kind];
  const valueOf = (name) => own[name]?.value ?? own[name];
  return (
    <>
      <p id="heldOut-told">{t("studio.heldOut.told", { count: figures.rows })}</p>
      <dl class="facts">
        {shown.filter((name) => Number.isFinite(valueOf(name))).map((name) => (
          <div key={name}>
            <dt>{t(`studio.figure.${name}`)}</dt>
            <dd id={`figure-${name}`}>{number(valueOf(name), { maximumSignificantDigits: 4 })}</dd>
          </div>
        ))}
      </dl>
      <p class="help">{t(certainty ? "studio.heldOut.sure" : "studio.heldOut.unsure")}</p>
    </>
  );
}

export function Rows() {
  const { t } = useLanguage();
  const { rows, told, about, label, group } = useWork();
  const others = [...new Set([...(told?.others ?? []), ...(told?.heldOutOthers ?? [])])];
  const hasData = rows.data !== undefined && rows.data.error === undefined;
  const isChecked = rows.predictions !== undefined && told !== undefined && told.by !== "wardian";
  return (
    <section class="card" aria-labelledby="data-title">
      <h2 id="data-title">{t("studio.rows")}</h2>
      <Slot which="data" given={rows.data}>
        {hasData && told?.rows !== undefined && told.rows !== null && <p id="data-told">{t("studio.data.told", { count: told.rows })}</p>}
      </Slot>
      {hasData && (
        <Slot which="predictions" given={rows.predictions}>
          {isChecked && <p class="well" id="predictions-told">{t("studio.predictions.told", { count: told.compared, by: told.by })}</p>}
        </Slot>
      )}
      <Slot which="heldOut" given={rows.heldOut}>
        {rows.heldOut !== undefined && told?.case.figures && <Measured figures={told.case.figures} certainty={told.case.certainty} />}
        {rows.heldOut !== undefined && label === "" && others.length > 0 && <p class="help" id="heldOut-label">{t("studio.heldOut.label")}</p>}
      </Slot>
      {(others.length > 0 || label !== "") && <Column which="label" others={others} value={label} />}
      {rows.heldOut !== undefined && label !== "" && <Column which="group" others={[...(told?.heldOutOthers ?? []).filter((name) => name !== label), ...about.features.slice(0, MOST_LISTED).map(({ name }) => name)]} value={group} />}
    </section>
  );
}
