import { interval as intervalOf } from "wardian/card.js";
import { usePage } from "../app/context.js";
import { Wide } from "../app/Wide.jsx";
import { sentences, useLanguage } from "../i18n/index.js";
import Proof from "../proof/index.jsx";
import { Calibration } from "./Calibration.jsx";
import { useAbout } from "./card.js";
import { figure, SCORES, Table, three } from "./figures.jsx";
import { Given } from "./Given.jsx";
import { useModelHash } from "./hash.js";

const isText = (value) => typeof value === "string" && value !== "";
const textsOf = (value) => (Array.isArray(value) ? value.filter(isText) : isText(value) ? [value] : []);
const isNumbers = (row) => Array.isArray(row) && row.every((value) => typeof value === "number");

function List({ title, items }) {
  const texts = textsOf(items);
  return texts.length === 0 ? null : (
    <section>
      <h3 dir="auto">{title}</h3>
      {texts.length === 1 && !Array.isArray(items) ? <p dir="auto">{texts[0]}</p> : <ul>{texts.map((item) => <li key={item} dir="auto">{item}</li>)}</ul>}
    </section>
  );
}

function Population({ card: { population, data } }) {
  const { t } = useLanguage();
  const { rows, positive, source, faults } = Object(data);
  const trained = typeof rows !== "number" ? [] : [typeof positive === "number" ? t("card.rows", { rows, positive }) : t("card.rows.only", { rows })];
  const said = sentences(...textsOf(population), ...trained);
  return said === "" && !isText(source) ? null : (
    <section>
      <h3>{t("card.population")}</h3>
      {said !== "" && <p dir="auto">{said}</p>}
      {isText(source) && <p class="help" dir="auto">{t("card.source", { source })}</p>}
      {isText(faults) && <p class="help" dir="auto">{faults}</p>}
    </section>
  );
}

/** The scores that the page knows by name, or any others in a table of the card's own. */
function Performance({ performance }) {
  const { t } = useLanguage();
  const known = Object.keys(SCORES).filter((name) => performance[name] !== undefined);
  const other = performance.logistic_regression;
  const isTable = Array.isArray(performance.rows);
  return known.length === 0 && !isTable ? null : (
    <section class="wide">
      <h3>{t("card.performance")}</h3>
      <p class="help" dir="auto">{isText(performance.procedure) && isTable ? performance.procedure : t("card.performance.help")}</p>
      {isTable && <Table table={performance} label={t("card.performance")} />}
      {known.length > 0 && (
        <Wide label={t("card.performance")}><table class="figures-table">
          <thead><tr><th scope="col">{t("card.measure")}</th><th scope="col">{t("card.model")}</th>{other && <th scope="col">{t("card.logistic")}</th>}</tr></thead>
          <tbody>
            {known.map((name) => (
              <tr key={name}><th scope="row">{t(`card.${name}`)}</th><td>{figure(performance[name], SCORES[name])}</td>{other && <td>{figure(other[name], SCORES[name])}</td>}</tr>
            ))}
          </tbody>
        </table></Wide>
      )}
    </section>
  );
}

function GreyZone({ grey: { from, to, share, accuracy_inside: inside, accuracy_outside: outside } }) {
  const { t, percent } = useLanguage();
  const shares = { share: percent(share), from: percent(from), to: percent(to), inside: percent(inside), outside: percent(outside) };
  return <section><h3>{t("card.grey")}</h3><p>{t("card.grey.text", shares)}</p></section>;
}

/** Groups of rows by how well the model does in each: its name, how many, how many positive, and three figures with their intervals. */
function Groups({ title, rows }) {
  const { t, number, percent } = useLanguage();
  return (
    <Wide label={title}><table class="figures-table">
      <caption dir="auto">{title}</caption>
      <thead>
        <tr>
          <th scope="col">{t("card.group")}</th><th scope="col">{t("card.count")}</th><th scope="col">{t("card.group.auc")}</th>
          <th scope="col">{t("card.calibration.predicted")}</th><th scope="col">{t("card.calibration.observed")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, count, , auc, low, high, predicted, observed, least, most]) => (
          <tr key={name}>
            <th scope="row" dir="auto">{name}</th>
            <td>{number(count)}</td>
            <td>{t("card.range", { value: number(auc, three), low: number(low, three), high: number(high, three) })}</td>
            <td>{percent(predicted)}</td>
            <td>{t("card.range", { value: percent(observed), low: percent(least), high: percent(most) })}</td>
          </tr>
        ))}
      </tbody>
    </table></Wide>
  );
}

/** How many figures a group has that the page knows the columns of. */
const GROUP_FIGURES = 9;

function AllGroups({ groups }) {
  const { t, has } = useLanguage();
  const isGroup = (row) => Array.isArray(row) && isNumbers(row.slice(1)) && row.length === GROUP_FIGURES + 1;
  const known = Object.entries(groups).filter(([name, rows]) => name !== "columns" && Array.isArray(rows) && rows.length > 0 && rows.every(isGroup));
  return known.length === 0 && !Array.isArray(groups.rows) ? null : (
    <section class="wide">
      <h3>{t("card.groups")}</h3>
      {known.length > 0 ? known.map(([name, rows]) => <Groups key={name} title={has(`card.groups.${name}`) ? t(`card.groups.${name}`) : name} rows={rows} />) : <Table table={groups} label={t("card.groups")} />}
    </section>
  );
}

function Interval({ card }) {
  const { t, percent } = useLanguage();
  const { page } = usePage();
  const { sentence, caution, coverage } = card.interval;
  const mean = page.base_rate ?? card.data.positive / card.data.rows;
  const { low, high } = intervalOf(card, mean);
  return (
    <section>
      <h3>{t("card.interval.title")}</h3>
      {isText(sentence) && <p dir="auto">{sentences(t("card.interval.example", { value: percent(mean) }), sentence.replace("{low}", percent(low)).replace("{high}", percent(high)))}</p>}
      {isText(caution) && <p dir="auto">{caution}</p>}
      {coverage && (
        <p class="help">
          {t("card.interval.coverage", { answers: coverage.answers, pairs: coverage.pairs_of_models, measured: percent(coverage.measured, 1), claimed: percent(coverage.claimed) })}
        </p>
      )}
    </section>
  );
}

function Details({ model, trainer }) {
  const { t, number } = useLanguage();
  const { description } = usePage();
  const hash = useModelHash();
  const facts = [
    ["trained", model.trained_with ?? trainer],
    ["trees", number(description.treeCount)],
    ["splits", number(description.splitCount)],
    ["licence", model.licence],
    ["file", isText(model.sha256) && <span class="hash">{model.sha256}</span>],
    ["module", hash && <span class="hash">{hash}</span>],
  ];
  return (
    <section class="wide">
      <h3>{t("card.details")}</h3>
      <dl>{facts.filter(([, value]) => value).map(([name, value]) => <div key={name}><dt>{t(`card.details.${name}`)}</dt><dd dir="auto">{value}</dd></div>)}</dl>
    </section>
  );
}

/** What the page has places of its own for. */
const KNOWN = ["title", "notice", "model", "intended_use", "out_of_scope", "population", "data", "performance", "calibration", "groups", "interval", "warnings", "limits"];
/** `ethical_review` as a heading. */
const headed = (key) => key.charAt(0).toUpperCase() + key.slice(1).replaceAll("_", " ");

function Card({ card, trainer, figures }) {
  const { t } = useLanguage();
  const { page } = usePage();
  const performance = Object(card.performance);
  const grey = performance.grey_zone;
  const isGrey = isNumbers(["from", "to", "share", "accuracy_inside", "accuracy_outside"].map((name) => Object(grey)[name]));
  const { calibration } = card;
  const isPlotted = Array.isArray(Object(calibration).bins) && Array.isArray(calibration.columns) && calibration.bins.length > 0 && calibration.bins.every((bin) => isNumbers(bin) && bin.length === 7);
  const hasInterval = isNumbers(Object(card.interval).margins) && (page.base_rate !== undefined || isNumbers([Object(card.data).positive, Object(card.data).rows]));
  return (
    <article class="card model-card" aria-labelledby="card-title">
      <h2 id="card-title" dir="auto">{t("card.title", { name: isText(card.title) ? card.title : page.title })}</h2>
      {isText(card.notice) && <p class="caution" dir="auto">{card.notice}</p>}
      <List title={t("card.use.for")} items={card.intended_use} />
      <List title={t("card.use.not")} items={card.out_of_scope} />
      <Population card={card} />
      {isGrey && <GreyZone grey={grey} />}
      <Performance performance={performance} />
      {isPlotted && <Calibration calibration={calibration} grey={isGrey && grey} />}
      <AllGroups groups={Object(card.groups)} />
      {hasInterval && <Interval card={card} />}
      {figures && <Given figures={figures} />}
      <List title={t("card.limits")} items={card.limits} />
      {Object.keys(card).filter((key) => !KNOWN.includes(key)).map((key) => <List key={key} title={headed(key)} items={card[key]} />)}
      <Details model={Object(card.model)} trainer={trainer} />
    </article>
  );
}

/** The model's card, and the proof that this page runs that model. */
export default function About() {
  const { t } = useLanguage();
  const said = useAbout();
  return (
    <div class="about">
      {said === undefined ? <p class="loading">{t("app.loading")}</p> : <Card card={Object(said.card)} trainer={said.trainer} figures={said.figures} />}
      <Proof />
    </div>
  );
}
