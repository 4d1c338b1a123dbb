import { useState } from "preact/hooks";
import { useLanguage } from "../../i18n/index.js";
import { Choose } from "../parts/Drop.jsx";
import { sayFault } from "../parts/Fault.jsx";
import { work } from "../work/work.js";

/** The largest `case.json` that is taken. */
const LARGEST = 2 ** 24;

/** All that is said, as `case.json` has it: for what has no field above. */
export function Json({ doc }) {
  const language = useLanguage();
  const { t } = language;
  const [text, setText] = useState();
  const [fault, setFault] = useState();
  const written = JSON.stringify(doc, null, 2);

  /** What is wrong with a text that is to be taken; nothing where it was taken. */
  async function faultOf(json) {
    let said;
    try {
      said = JSON.parse(json);
    } catch ({ message }) {
      return message;
    }
    if (said === null || typeof said !== "object" || Array.isArray(said)) {
      return t("studio.json.object");
    }
    const found = await work.sayAll(said);
    return found === undefined ? undefined : sayFault(found, language);
  }

  async function take(json) {
    const found = await faultOf(json);
    setFault(found);
    setText(found === undefined ? undefined : json);
  }

  async function choose(file) {
    if (file.size > LARGEST) {
      setFault(t("studio.json.large"));
      return;
    }
    take(await file.text());
  }

  return (
    <details class="json">
      <summary>{t("studio.json")}</summary>
      <label class="field">
        <span>case.json</span>
        <textarea id="json" dir="ltr" spellcheck={false} rows={12} value={text ?? written} onInput={({ target }) => setText(target.value)} />
      </label>
      {fault !== undefined && <p class="failure" id="json-fault" role="alert">{fault}</p>}
      <div class="actions">
        <button type="button" id="json-take" disabled={text === undefined} onClick={() => take(text)}>{t("studio.json.take")}</button>
        <button type="button" id="json-drop" disabled={text === undefined} onClick={() => { setText(undefined); setFault(undefined); }}>{t("studio.json.back")}</button>
        <Choose id="json-file" accept=".json,application/json" choose={choose}>{t("studio.json.file")}</Choose>
      </div>
      <p class="help">{t("studio.json.help")}</p>
    </details>
  );
}
