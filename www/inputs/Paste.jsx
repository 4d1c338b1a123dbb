import { useState } from "preact/hooks";
import { list, useLanguage } from "../i18n/index.js";
import { rowOf } from "./pasted.js";

/** So many names of columns that nobody knows are told. */
const TOLD = 5;

/** A row that somebody has at hand, filled in at once. */
export function Paste({ features, put }) {
  const { t } = useLanguage();
  const [text, setText] = useState("");
  const [said, say] = useState("");
  function fill() {
    const { texts, count, unknown, isMore } = rowOf(text, features);
    if (count === 0) {
      say(t(isMore ? "inputs.paste.more" : "inputs.paste.none"));
      return;
    }
    put(texts);
    say([t("inputs.paste.done", { count }), unknown.length > 0 && t("inputs.paste.unknown", { names: list(unknown.slice(0, TOLD).map((name) => name.slice(0, 40))) })].filter(Boolean).join(" "));
    setText("");
  }
  return (
    <details class="paste">
      <summary>{t("inputs.paste")}</summary>
      <p class="help" id="paste-help">{t("inputs.paste.help")}</p>
      <textarea id="paste" rows={3} spellcheck={false} dir="auto" aria-label={t("inputs.paste")} aria-describedby="paste-help" value={text} onInput={({ target }) => setText(target.value)} />
      <p class="actions"><button type="button" id="paste-fill" disabled={text.trim() === ""} onClick={fill}>{t("inputs.paste.fill")}</button></p>
      <p class="message" role="status">{said}</p>
    </details>
  );
}
