/** How good and how sure the answers are, by rows with labels that were given when the page was made: whose they are is said first. */
import { useEffect, useState } from "preact/hooks";
import { usePage } from "../app/context.js";
import { documentOf } from "../case/documents.js";
import { number, percent, useLanguage } from "../i18n/index.js";
import { Table } from "./figures.jsx";

/** The measures of each kind, in their order. */
const NAMES = {
  risk: ["auc", "brier", "log_loss", "accuracy", "sensitivity", "specificity", "precision"],
  classes: ["accuracy", "log_loss", "auc"],
  number: ["rmse", "mae", "bias", "r2", "poisson_deviance"],
};
const kindOf = (measures) => Object.keys(NAMES).find((name) => measures[name] !== undefined);
/** A number without an interval is the number alone. */
const plain = (value) => (value?.low === undefined ? (value?.value ?? value) : value);
function valuesOf(measures) {
  const own = measures[kindOf(measures)];
  return Object.fromEntries(Object.entries({ ...own, ...own.confusion }).map(([name, value]) => [name, plain(value)]));
}

/** Columns are all rows, then each group. */
function Measures({ figures: { all, groups = [], by, rows } }) {
  const { t } = useLanguage();
  const columns = [{ name: t("card.given.all"), rows, measures: all }, ...groups];
  const known = NAMES[kindOf(all)].filter((name) => columns.some(({ measures }) => valuesOf(measures)[name] !== undefined));
  const table = {
    caption: by === undefined ? undefined : t("card.given.by", { column: by }),
    columns: [t("card.measure"), ...columns.map(({ name }) => name || "–")],
    rows: [[t("card.count"), ...columns.map((each) => number(each.rows))], ...known.map((name) => [t(`card.given.${name}`), ...columns.map(({ measures }) => valuesOf(measures)[name])])],
  };
  return <Table table={table} label={t("card.given.title")} />;
}

function Calibration({ risk: { calibration, confusion } }) {
  const { t } = useLanguage();
  const share = (value) => percent(value, 1);
  const told = [
    [t("card.given.positive"), confusion.true_positive, confusion.false_negative],
    [t("card.given.negative"), confusion.false_positive, confusion.true_negative],
  ];
  return (
    <>
      <Table
        table={{
          caption: t("card.calibration"),
          columns: [t("card.calibration.predicted"), t("card.calibration.observed"), t("card.count")],
          rows: calibration.map(({ mean, seen, rows }) => [share(mean), t("card.range", { value: share(seen.value), low: share(seen.low), high: share(seen.high) }), number(rows)]),
        }}
      />
      <Table
        table={{
          caption: t("card.given.confusion", { threshold: percent(confusion.threshold, 1) }),
          columns: [t("card.given.seen"), t("card.given.told.positive"), t("card.given.told.negative")],
          rows: told.map(([name, ...counts]) => [name, ...counts.map((count) => number(count))]),
        }}
      />
    </>
  );
}

/** For every class that was seen, how often each was told: of a few classes. */
const MOST_CLASSES = 20;

function Confusion({ classes: { classes, confusion } }) {
  const { t } = useLanguage();
  const { page } = usePage();
  const nameOf = (name) => (Object.hasOwn(page.classes ?? {}, name) ? page.classes[name] : name);
  const named = classes.map(nameOf);
  const rows = confusion.map((counts, place) => [named[place], ...counts.map((count) => number(count))]);
  return classes.length > MOST_CLASSES ? null : <Table table={{ caption: t("card.given.classes"), columns: [t("card.given.seen"), ...named], rows }} />;
}

/** What each method claims, and what was measured. */
function Certainty() {
  const { t } = useLanguage();
  const [certainty, setCertainty] = useState();
  useEffect(() => {
    documentOf("certainty").then(setCertainty, () => {});
  }, []);
  if (certainty === undefined) {
    return null;
  }
  const { intervals = [], sets = [], risk, folds } = certainty;
  const share = (value, error) => t("card.spread", { mean: percent(value, 1), sd: percent(error, 1) });
  const rows = [
    ...intervals.flatMap(({ method, levels }) => levels.map((each) => [t(`card.given.${method}`), percent(each.level / 100), share(each.coverage, each.standard_error), t("card.given.width", { width: number(each.width, { maximumSignificantDigits: 4 }) })])),
    ...sets.map((each) => [t("card.given.sets"), percent(each.level / 100), share(each.coverage, each.standard_error), t("card.given.size", { count: Number(each.size.toFixed(2)), size: number(each.size, { maximumFractionDigits: 2 }) })]),
  ];
  return (
    <>
      <h4>{t("card.given.sure")}</h4>
      <p class="help">{t(risk === undefined ? "card.given.folds" : "card.given.folds.risk", { folds })}</p>
      {rows.length > 0 && <Table table={{ columns: [t("card.given.method"), t("card.given.claimed"), t("card.given.measured"), t("card.given.how.wide")], rows }} label={t("card.given.sure")} />}
      {risk !== undefined && (
        <Table
          table={{
            columns: [t("card.given.low"), t("card.given.high"), t("card.calibration.observed"), t("card.count")],
            rows: risk.agreement.map((each) => [...[each.low, each.high, each.seen].map((value) => percent(value, 1)), number(each.rows)]),
          }}
          label={t("card.given.sure")}
        />
      )}
    </>
  );
}

export function Given({ figures }) {
  const { t } = useLanguage();
  const { page } = usePage();
  const { all, rows, source } = figures;
  return (
    <section class="wide" id="given">
      <h3>{t(source === undefined ? "card.given.title" : "card.given.title.of")}</h3>
      <p class="help" dir="auto">{source ?? t("card.given.help", { rows: number(rows) })}</p>
      <Measures figures={figures} />
      {all.risk && <Calibration risk={all.risk} />}
      {all.classes && <Confusion classes={all.classes} />}
      {page.certainty && <Certainty />}
    </section>
  );
}
