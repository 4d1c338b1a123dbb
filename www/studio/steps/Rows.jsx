import { useEffect, useState } from "preact/hooks";
import { IS_SINGLE_FILE } from "../../app/files.js";
import { Lazy } from "../../app/Lazy.jsx";
import { useLanguage } from "../../i18n/index.js";
import { Choose, Drop } from "../parts/Drop.jsx";
import { Fault } from "../parts/Fault.jsx";
import { Choice } from "../parts/Field.jsx";
import { slotOf } from "../work/faults.js";
import { Sheet } from "./Sheet.jsx";
import { useWork } from "../work/useWork.js";
import { work } from "../work/work.js";

/** What is asked for where rows are chosen: the one file has no reader of workbooks. */
export const ROWS_ACCEPTED = IS_SINGLE_FILE ? ".csv,.tsv,.txt,.jsonl,.ndjson,.json,.gz,text/csv,text/plain" : ".csv,.tsv,.txt,.xlsx,.xlsb,.xlsm,.xls,.ods,.jsonl,.ndjson,.json,.gz,text/csv,text/plain";

/** Of how many inputs groups may be told. */
const MOST_LISTED = 100;

/** Whether somebody has said how the columns of a file are read. */
const isDecided = ({ options: { columns = [], header, decimal } = {} }) => columns.length > 0 || header !== undefined || decimal !== undefined;

/** A file of rows that is given, or may be. */
function Slot({ which, given, children }) {
  const { t } = useLanguage();
  const { fault, given: seen, rows } = useWork();
  const choose = (file) => work.give(which, file);
  // What is wrong with these rows is told here, beside them; what is wrong with the words, beside those.
  const own = given !== undefined && slotOf(fault, rows) === which ? fault : undefined;
  const read = seen[which];
  const doubts = given?.error === undefined && (which === "data" || own !== undefined) ? (read?.doubts ?? []) : [];
  const error = given?.error ?? (doubts.length > 0 && own?.code === "ambiguous_input" ? undefined : own);
  return (
    <Drop class="small" choose={choose} id={`drop-${which}`}>
      <h3>{t(`studio.${which}`)}</h3>
      <p class="help">{t(IS_SINGLE_FILE && which === "data" ? "studio.data.help.single" : `studio.${which}.help`)}</p>
      {given !== undefined && <p class="detail" id={`${which}-name`} dir="auto">{given.file.name}{given.reading ? ` · ${t("app.loading")}` : ""}</p>}
      <div class="actions">
        <Choose id={`${which}-file`} choose={choose} accept={ROWS_ACCEPTED}>{t(given === undefined ? `studio.${which}.choose` : "studio.rows.another")}</Choose>
        {given !== undefined && <button type="button" id={`${which}-remove`} onClick={() => work.give(which, undefined)}>{t("studio.rows.remove")}</button>}
      </div>
      {given?.sheets?.length > 1 && <Sheet id={`${which}-sheet`} sheets={given.sheets} sheet={given.options?.sheet} choose={(sheet) => work.give(which, given.file, { sheet })} />}
      {error !== undefined && error.sheets === undefined && <Fault id={`${which}-fault`} error={error} place={given.file.name} />}
      {given !== undefined && read && (read.doubts.length > 0 || isDecided(given)) && (
        <Lazy key={`${given.file.name} ${read.names}`} from={() => import("./Columns.jsx")} sections={["mend"]} which={which} given={given} read={read} doubts={doubts} />
      )}
      {children}
    </Drop>
  );
}

/** A column that is no input: the one that was to be predicted, or one that tells groups. */
function Column({ which, others, value }) {
  const { t } = useLanguage();
  const names = [...new Set(value === "" || others.includes(value) ? others : [value, ...others])];
  return (
    <Choice id={which} label={t(`studio.${which}`)} value={value} choices={[["", t("studio.column.none")], ...names.map((name) => [name, name])]} say={(name = "") => work.sayColumn(which, name)} />
  );
}

/** Which of the label's two texts is the positive one: asked for once the program has met them. */
function Positive({ fault, value }) {
  const { t } = useLanguage();
  const [met, setMet] = useState([]);
  const texts = fault?.reason === "label_text" ? fault.values.texts.split("\n") : met;
  useEffect(() => setMet(texts), [texts.join("\n")]);
  const names = value === "" || texts.includes(value) ? texts : [value, ...texts];
  return names.length === 0 || (value === "" && names.length !== 2) ? null : (
    <Choice id="positive" label={t("mend.positive")} value={value} choices={[["", t("mend.positive.none")], ...names.map((name) => [name, name])]} say={(name = "") => work.sayColumn("positive", name)} />
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
  const { rows, told, about, fault, given, label, positive, group } = useWork();
  const others = [...new Set([...(given.data?.others ?? []), ...(given.heldOut?.others ?? [])])];
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
      {label !== "" && <Positive key={label} fault={fault} value={positive} />}
      {rows.heldOut !== undefined && label !== "" && <Column which="group" others={[...(given.heldOut?.others ?? []).filter((name) => name !== label), ...about.features.slice(0, MOST_LISTED).map(({ name }) => name)]} value={group} />}
    </section>
  );
}
