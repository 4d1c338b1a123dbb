import { usePage } from "../app/context.js";
import { useLanguage } from "../i18n/index.js";
import { byKind, measured, zoneLabel } from "./answers.js";
import { download } from "./download.js";
import { ClassCounts, Histogram } from "./Histogram.jsx";
import { Tables } from "./Tables.jsx";

/** `rows.csv` comes back as `rows-scored.csv`, unpacked; what is no CSV file as one. */
function scoredName(name, kind) {
  const [, stem, ending = ""] = /^(.*?)(\.[^.]*)?(\.gz)?$/s.exec(name);
  return `${stem}-scored${(kind === undefined && ending) || ".csv"}`;
}

/** The figures of a file: `[id, name, value]`. */
function factsOf({ count, errorCount, outside, scored, tally }, page, { t, has, percent }) {
  const { kind, zones = [] } = page;
  const isCounted = scored > 0 && !["classes", "targets"].includes(kind);
  const fact = (key, value) => [key, t(`rows.outcome.${key}`), value];
  return [
    fact("count", count),
    ...(kind === "risk" ? [fact("mean", scored > 0 ? percent(tally.sum / scored, 1) : "–")] : []),
    ...(isCounted && kind !== "risk" ? [fact("average", measured(page, tally.sum / scored)), fact("low", measured(page, tally.low)), fact("high", measured(page, tally.high))] : []),
    ...(["classes", "targets"].includes(kind) ? [] : zones.map((_, place) => [`zone-${place}`, zoneLabel(page, place, has), tally.zones[place]])),
    fact("outside", outside),
    fact("errors", errorCount),
  ];
}

/** What came of a file. */
export function Outcome({ file, planned: { plan, kind }, reasons, totals, seconds, again, forget }) {
  const words = useLanguage();
  const { t, number } = words;
  const { page } = usePage();
  const { scored, parts } = totals;
  const name = scoredName(file.name, kind);
  return (
    <section class="card outcome" aria-labelledby="outcome-title">
      <h2 id="outcome-title">{t("rows.outcome.title", { count: scored, seconds: number(seconds, { maximumFractionDigits: 1, minimumFractionDigits: 1 }) })}</h2>
      <dl class="facts">
        {factsOf(totals, page, words).map(([key, label, value]) => (
          <div key={key}>
            <dt dir="auto">{label}</dt>
            <dd id={`rows-${key}`}>{typeof value === "number" ? number(value) : value}</dd>
          </div>
        ))}
      </dl>
      {scored > 0 && page.kind === "classes" && <ClassCounts totals={totals} />}
      {scored > 0 && !["classes", "targets"].includes(page.kind) && <Histogram totals={totals} />}
      <div class="actions">
        <button type="button" class="primary" id="rows-download" onClick={() => download(parts, name, "text/csv")}>{t("rows.download", { name })}</button>
        <button type="button" onClick={again}>{t("rows.again")}</button>
        <button type="button" onClick={forget}>{t("rows.forget")}</button>
      </div>
      <p class="help">{byKind("added", page)} {reasons && byKind("added.reasons", page)} {t("rows.where")}</p>
      <Tables totals={totals} plan={plan} reasons={reasons} />
    </section>
  );
}
