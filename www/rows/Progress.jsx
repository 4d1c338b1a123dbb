import { useLanguage } from "../i18n/index.js";

/** How far the file is scored, how fast, and the way to stop. */
export function Progress({ planned: { source }, bytes, count, errorCount = 0, seconds, cancel }) {
  const { t, percent } = useLanguage();
  const share = source.size === 0 ? 0 : bytes / source.size;
  const rate = seconds > 0 ? Math.round(count / seconds / 100) * 100 : 0;
  return (
    <section class="card" aria-labelledby="progress-title">
      <h2 id="progress-title">{t("rows.progress.title")}</h2>
      <progress id="rows-progress" value={share} max="1" aria-labelledby="progress-title">{percent(share)}</progress>
      <p class="detail">{t("rows.progress", { share: percent(share), count, rate })} {errorCount > 0 && t("rows.progress.errors", { count: errorCount })}</p>
      <div class="actions">
        <button type="button" id="rows-cancel" onClick={cancel}>{t("rows.cancel")}</button>
      </div>
    </section>
  );
}
