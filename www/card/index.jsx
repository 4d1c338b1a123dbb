import { interval as intervalOf } from "wardian/card.js";
import { usePage } from "../app/context.js";
import { sentences, useLanguage } from "../i18n/index.js";
import Proof from "../proof/index.jsx";
import { Wide } from "../app/Wide.jsx";
import { Calibration } from "./Calibration.jsx";
import { card, useCardTexts } from "./card.js";

const three = { minimumFractionDigits: 3, maximumFractionDigits: 3 };

function List({ title, items }) {
  return (
    <section>
      <h3>{title}</h3>
      <ul>{items.map((item) => <li key={item}>{item}</li>)}</ul>
    </section>
  );
}

function Performance() {
  const { t, number, percent } = useLanguage();
  const { performance } = card;
  const spread = (score, write) => t("card.spread", { mean: write(score.mean), sd: write(score.sd) });
  const shares = (value) => percent(value, 1);
  const decimals = (value) => number(value, three);
  const range = ({ value, low, high }) => t("card.range", { value: decimals(value), low: decimals(low), high: decimals(high) });
  const scores = [["auc", decimals], ["brier", decimals], ["accuracy", shares]];
  return (
    <section class="wide">
      <h3>{t("card.performance")}</h3>
      <p class="help">{t("card.performance.help")}</p>
      <Wide label={t("card.performance")}><table class="figures-table">
        <thead><tr><th scope="col">{t("card.measure")}</th><th scope="col">{t("card.model")}</th><th scope="col">{t("card.logistic")}</th></tr></thead>
        <tbody>
          {scores.map(([name, write]) => (
            <tr key={name}><th scope="row">{t(`card.${name}`)}</th><td>{spread(performance[name], write)}</td><td>{spread(performance.logistic_regression[name], write)}</td></tr>
          ))}
          {["slope", "intercept"].map((name) => (
            <tr key={name}><th scope="row">{t(`card.${name}`)}</th><td>{range(performance[name])}</td><td>–</td></tr>
          ))}
        </tbody>
      </table></Wide>
    </section>
  );
}

function GreyZone() {
  const { t, percent } = useLanguage();
  const { from, to, share, accuracy_inside: inside, accuracy_outside: outside } = card.performance.grey_zone;
  const shares = { share: percent(share), from: percent(from), to: percent(to), inside: percent(inside), outside: percent(outside) };
  return <section><h3>{t("card.grey")}</h3><p>{t("card.grey.text", shares)}</p></section>;
}

function Groups({ title, rows, text }) {
  const { t, number, percent } = useLanguage();
  return (
    <Wide label={title}><table class="figures-table">
      <caption>{title}</caption>
      <thead>
        <tr>
          <th scope="col">{t("card.group")}</th><th scope="col">{t("card.women")}</th><th scope="col">{t("card.group.auc")}</th>
          <th scope="col">{t("card.calibration.predicted")}</th><th scope="col">{t("card.calibration.observed")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, women, , auc, low, high, predicted, observed, least, most]) => (
          <tr key={name}>
            <th scope="row">{text(name)}</th>
            <td>{number(women)}</td>
            <td>{t("card.range", { value: number(auc, three), low: number(low, three), high: number(high, three) })}</td>
            <td>{percent(predicted)}</td>
            <td>{t("card.range", { value: percent(observed), low: percent(least), high: percent(most) })}</td>
          </tr>
        ))}
      </tbody>
    </table></Wide>
  );
}

function Interval({ text }) {
  const { t, percent } = useLanguage();
  const mean = card.data.positive / card.data.rows;
  const { low, high } = intervalOf(card, mean);
  const { answers, pairs_of_models: pairs, measured, claimed } = card.interval.coverage;
  const sentence = text(card.interval.sentence).replace("{low}", percent(low)).replace("{high}", percent(high));
  return (
    <section>
      <h3>{t("card.interval.title")}</h3>
      <p>{sentences(t("card.interval.example", { value: percent(mean) }), sentence)}</p>
      <p>{text(card.interval.caution)}</p>
      <p class="help">{t("card.interval.coverage", { answers, pairs, measured: percent(measured, 1), claimed: percent(claimed) })}</p>
    </section>
  );
}

function Details({ text }) {
  const { t, number } = useLanguage();
  const { description } = usePage();
  const facts = [
    ["trained", card.model.trained_with],
    ["trees", number(description.treeCount)],
    ["splits", number(description.splitCount)],
    ["licence", text(card.model.licence)],
    ["file", <span class="hash">{card.model.sha256}</span>],
    ["module", <span class="hash">{description.sha256}</span>],
  ];
  return (
    <section class="wide">
      <h3>{t("card.details")}</h3>
      <dl>{facts.map(([name, value]) => <div key={name}><dt>{t(`card.details.${name}`)}</dt><dd>{value}</dd></div>)}</dl>
    </section>
  );
}

/** The model's card, and the proof that this page runs that model. */
export default function About() {
  const { t } = useLanguage();
  const text = useCardTexts();
  if (text === undefined) {
    return <p class="loading">{t("app.loading")}</p>;
  }
  return (
    <div class="about">
      <article class="card model-card" aria-labelledby="card-title">
        <h2 id="card-title">{t("card.title", { name: text(card.title) })}</h2>
        <p class="caution">{text(card.notice)}</p>
        <List title={t("card.use.for")} items={card.intended_use.map(text)} />
        <List title={t("card.use.not")} items={card.out_of_scope.map(text)} />
        <section>
          <h3>{t("card.population")}</h3>
          <p>{sentences(text(card.population), t("card.rows", card.data))}</p>
        </section>
        <GreyZone />
        <Performance />
        <Calibration text={text} />
        <section class="wide">
          <h3>{t("card.groups")}</h3>
          <Groups title={t("card.groups.age")} rows={card.groups.age} text={text} />
          <Groups title={t("card.groups.missing")} rows={card.groups.missing} text={text} />
        </section>
        <Interval text={text} />
        <List title={t("card.limits")} items={card.limits.map(text)} />
        <Details text={text} />
      </article>
      <Proof />
    </div>
  );
}
