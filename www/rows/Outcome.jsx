import { useLanguage } from "../i18n/index.js";
import { download } from "./download.js";
import { Histogram } from "./Histogram.jsx";
import { Tables } from "./Tables.jsx";

/** `rows.csv` comes back as `rows-scored.csv`, unpacked; what is no CSV file as one. */
function scoredName(name, kind) {
  const [, stem, ending = ""] = /^(.*?)(\.[^.]*)?(\.gz)?$/s.exec(name);
  return `${stem}-scored${(kind === undefined && ending) || ".csv"}`;
}

/** What came of a file. */
export function Outcome({ file, planned: { plan, kind }, reasons, totals, seconds, again, forget }) {
  const { t, number, percent } = useLanguage();
  const { count, scored, errorCount, sum, below, above, outside, parts } = totals;
  const facts = {
    count,
    mean: scored > 0 ? percent(sum / scored, 1) : "–",
    below,
    inside: scored - below - above,
    above,
    outside,
    errors: errorCount,
  };
  const name = scoredName(file.name, kind);
  return (
    <section class="card outcome" aria-labelledby="outcome-title">
      <h2 id="outcome-title">{t("rows.outcome.title", { count: scored, seconds: number(seconds, { maximumFractionDigits: 1, minimumFractionDigits: 1 }) })}</h2>
      <dl class="facts">
        {Object.entries(facts).map(([key, value]) => (
          <div key={key}>
            <dt>{t(`rows.outcome.${key}`)}</dt>
            <dd id={`rows-${key}`}>{typeof value === "number" ? number(value) : value}</dd>
          </div>
        ))}
      </dl>
      {scored > 0 && <Histogram totals={totals} />}
      <div class="actions">
        <button type="button" class="primary" id="rows-download" onClick={() => download(parts, name, "text/csv")}>{t("rows.download", { name })}</button>
        <button type="button" onClick={again}>{t("rows.again")}</button>
        <button type="button" onClick={forget}>{t("rows.forget")}</button>
      </div>
      <p class="help">{t("rows.added")} {reasons && t("rows.added.reasons")} {t("rows.where")}</p>
      <Tables totals={totals} plan={plan} reasons={reasons} />
    </section>
  );
}
