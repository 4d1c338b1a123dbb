import { LANGUAGES, useLanguage } from "../../i18n/index.js";
import { valueAt } from "../work/doc.js";
import { Fault } from "../parts/Fault.jsx";
import { Features } from "./Features.jsx";
import { Choice, Numeric, Text, Wrong } from "../parts/Field.jsx";
import { Json } from "./Json.jsx";
import { byField, keyOf, slotOf } from "../work/faults.js";
import { useWork } from "../work/useWork.js";
import { work } from "../work/work.js";

/** Kinds whose answer is one number with a unit. */
const MEASURED = ["number", "count", "time", "score", "hazard"];
/** The page's own green, until another colour is said. */
const ACCENT = "#17603f";

/** What people call the classes. */
function Classes({ doc, classes, faults }) {
  const { t } = useLanguage();
  return (
    <fieldset>
      <legend>{t("studio.classes")}</legend>
      <div class="fields">
        {classes.map((name, index) => (
          <Text key={name} id={`class-${index}`} label={name} value={valueAt(doc, ["classes", name])} placeholder={name} say={(text) => work.say(["classes", name], text)} fault={faults.get(keyOf(`classes.${name}`))} />
        ))}
      </div>
    </fieldset>
  );
}

/** What the answer measures. */
function Answer({ doc, said, faults }) {
  const { t } = useLanguage();
  const at = (name) => ({ value: valueAt(doc, ["answer", name]), placeholder: said?.[name], say: (value) => work.say(["answer", name], value), fault: faults.get(keyOf(`answer.${name}`)) });
  return (
    <>
      <Text id="answer-label" label={t("studio.answer.label")} {...at("label")} />
      <Text id="answer-unit" label={t("studio.unit")} {...at("unit")} />
      <Numeric id="answer-decimals" label={t("studio.decimals")} min={0} max={17} step={1} {...at("decimals")} />
    </>
  );
}

/** Members of `case.json` that have a field here, and beside them those of the answer and of classes. */
const FIELDS = ["title", "outcome", "name", "version", "language", "kind", "look.accent", "words.app.notice"];
/** Members of a feature that have one. */
const OF_FEATURES = ["label", "unit", "help", "group", "range", "step", "missing_codes", "whole", "switch", "may_be_missing", "choices"];

/** Whether a fault of this key is told at a field. */
function hasField(key, about) {
  const [place, name, member] = JSON.parse(key);
  return place === "features" ? OF_FEATURES.includes(member) && about.features.some((own) => own.name === name) : FIELDS.includes(place) || place.startsWith("classes.") || place.startsWith("answer.");
}

export function Words() {
  const { t } = useLanguage();
  const { doc, told, about, fault, pending, rows } = useWork();
  const isOfWords = fault !== undefined && (slotOf(fault, rows) === undefined || rows[slotOf(fault, rows)] === undefined);
  const faults = byField(isOfWords ? fault : undefined, doc);
  const said = told?.case ?? {};
  const at = (...path) => ({ value: valueAt(doc, path), placeholder: valueAt(said, path), say: (value) => work.say(path, value), fault: faults.get(keyOf(path.join("."))) });
  const languages = [["", t("studio.as.it.is")], ...Object.entries(LANGUAGES).map(([code, { name }]) => [code, name])];
  const kinds = [["", t(`studio.kind.${about.kind}`)], ...about.kinds.filter((kind) => kind !== about.kind).map((kind) => [kind, t(`studio.kind.${kind}`)])];
  return (
    <section class="card" id="words" tabIndex={-1} aria-labelledby="words-title">
      <h2 id="words-title">{t("studio.words")}</h2>
      <p class="help">{t("studio.words.help")}</p>
      {isOfWords && (faults.size > 0 ? <p class="failure" id="words-fault" role="alert">{t("studio.words.wrong", { count: faults.size })}</p> : <Fault id="words-fault" error={fault} />)}
      {[...faults].filter(([key]) => !hasField(key, about)).map(([key, each]) => <Fault key={key} error={each} place={each.place} />)}
      <p class="visually-hidden" role="status">{pending || fault !== undefined ? "" : t("studio.together")}</p>
      <div class="fields">
        <Text id="said-title" label={t("studio.title")} {...at("title")} />
        <Text id="said-outcome" label={t("studio.outcome")} help={t("studio.outcome.help")} {...at("outcome")} />
        <Text id="said-name" label={t("studio.name")} help={t("studio.name.help")} {...at("name")} />
        <Text id="said-version" label={t("studio.version")} {...at("version")} />
        <Choice id="said-language" label={t("studio.language")} value={doc.language} choices={languages} say={(code) => work.say(["language"], code)} />
        {kinds.length > 1 && <Choice id="said-kind" label={t("studio.kind")} value={doc.kind === about.kind ? "" : doc.kind} choices={kinds} say={(kind) => work.say(["kind"], kind)} />}
        {MEASURED.includes(said.kind) && <Answer doc={doc} said={said.answer} faults={faults} />}
        <label class="field">
          <span>{t("studio.accent")}</span>
          <input id="said-accent" type="color" value={valueAt(doc, ["look", "accent"]) ?? ACCENT} onInput={({ target }) => work.say(["look", "accent"], target.value === ACCENT ? undefined : target.value)} />
          <Wrong fault={faults.get(keyOf("look.accent"))} />
        </label>
      </div>
      <Text id="said-notice" label={t("studio.notice")} help={t("studio.notice.help")} isLong rows={2} {...at("words", "app.notice")} />
      {said.kind === "classes" && about.classes.length > 0 && <Classes doc={doc} classes={about.classes} faults={faults} />}
      <Features doc={doc} about={about} said={said} faults={faults} />
      <Json doc={doc} />
    </section>
  );
}
