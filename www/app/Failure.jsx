import { t } from "../i18n/index.js";

/** What is shown when the model cannot be started. */
export function Failure({ error }) {
  const text = error instanceof WebAssembly.CompileError ? t("app.failure.old") : t("app.failure.start", { reason: error.message });
  return <main><p class="failure" id="failure" role="alert">{text}</p></main>;
}
