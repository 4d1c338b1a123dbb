import { planText } from "wardian/rows.js";
import { useRef } from "preact/hooks";
import { useLanguage } from "../i18n/index.js";
import { download } from "./download.js";

/** The plan that is shown: kept as a file, or taken from one. It is the command lines' `--plan` as well. */
export function Plan({ plan, name, disabled, choose }) {
  const { t } = useLanguage();
  const input = useRef();
  const save = () => download([planText(plan)], `${name.replace(/\..*$/s, "")}-plan.json`, "application/json");
  return (
    <div class="plan">
      <p class="help">{t("rows.plan.help")}</p>
      <div class="actions">
        <button type="button" id="rows-plan-save" disabled={disabled} onClick={save}>{t("rows.plan.save")}</button>
        <button type="button" onClick={() => input.current.click()}>{t("rows.plan.use")}</button>
        <input
          ref={input}
          id="rows-plan"
          hidden
          type="file"
          accept=".json,application/json"
          onChange={({ target }) => {
            if (target.files.length > 0) {
              choose([...target.files]);
              target.value = "";
            }
          }}
        />
      </div>
    </div>
  );
}
