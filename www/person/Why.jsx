import { useEffect, useState } from "preact/hooks";
import { explain, loadExplainer } from "wardian/explain.js";
import { usePage } from "../app/context.js";
import { wasm } from "../app/files.js";
import { list, useLanguage } from "../i18n/index.js";
import { frequency, logistic, logOdds } from "./risk.js";
import { labelOf, quantity } from "./words.js";

/** The chances that the axis may show: so few that no two stand in each other's way, so many that some always show. */
const TICKS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99];
/** The least part of the axis between two ticks. */
const APART = 0.11;
/** A factor of the odds that is not worth a word. */
const SLIGHT = Math.log(1.02);

/** What each feature adds, the largest first, each from where the one before ended. */
export function stepsOf(features, { base, contributions }) {
  const parts = features.map((feature, index) => ({ feature, index, change: contributions[feature.name] }));
  parts.sort((one, other) => Math.abs(other.change) - Math.abs(one.change));
  let from = base;
  return parts.map((part) => {
    const step = { ...part, from, to: from + part.change };
    from = step.to;
    return step;
  });
}

/** The part of the axis at which a margin stands, and the ticks. */
function axisOf(base, steps) {
  const all = [base, ...steps.map(({ to }) => to)];
  const room = 0.08 * (Math.max(...all) - Math.min(...all)) + 0.1;
  const [low, high] = [Math.min(...all) - room, Math.max(...all) + room];
  const at = (margin) => (margin - low) / (high - low);
  const ticks = [];
  for (const chance of TICKS) {
    const place = at(logOdds(chance));
    if (place > 0.03 && place < 0.97 && place - (ticks.at(-1)?.place ?? -1) >= APART) {
      ticks.push({ chance, place });
    }
  }
  return { at, ticks };
}

function Words({ steps, valueOf }) {
  const { t } = useLanguage();
  const [first] = steps;
  const named = ({ feature, index }) => t("why.named", { name: labelOf(feature), value: valueOf(index) });
  const those = (holds) => list(steps.filter(({ change }) => Math.abs(change) > SLIGHT && holds(change)).map(named));
  const [up, down] = [those((change) => change > 0), those((change) => change < 0)];
  return (
    <div class="reasons" id="reasons">
      <p class="lead">{t(first.change < 0 ? "why.most.down" : "why.most.up", { what: named(first) })}</p>
      {down && <p><span class="key down" aria-hidden="true" /> {t("why.down", { what: down })}</p>}
      {up && <p><span class="key up" aria-hidden="true" /> {t("why.up", { what: up })}</p>}
    </div>
  );
}

/** The way from the study's mean to this woman's answer, a bar for each input. */
function Waterfall({ base, steps, valueOf }) {
  const { t, number } = useLanguage();
  const { at, ticks } = axisOf(base, steps);
  const place = (margin) => `${at(margin) * 100}%`;
  const chance = (margin) => {
    const { kind, count } = frequency(logistic(margin));
    return t(`why.in100.${kind}`, { count });
  };
  const factor = (change) => {
    if (Math.abs(change) <= SLIGHT) {
      return t("why.factor.none");
    }
    const times = number(Math.exp(Math.abs(change)), { minimumFractionDigits: 1, maximumFractionDigits: 1 + (Math.abs(change) < 0.1) });
    return t(change > 0 ? "why.factor.times" : "why.factor.divided", { times });
  };
  const End = ({ name, margin }) => (
    <tr class="end">
      <th scope="row">{name}</th>
      <td class="bar" dir="ltr" aria-hidden="true"><span class="stand" style={{ left: place(margin) }} /></td>
      <td class="effect">{chance(margin)}</td>
    </tr>
  );
  return (
    <table class="waterfall">
      <caption class="visually-hidden">{t("why.caption")}</caption>
      <thead>
        <tr>
          <th scope="col">{t("why.column.input")}</th>
          <td class="axis" dir="ltr" aria-hidden="true">{ticks.map((tick) => <span key={tick.chance} style={{ left: `${tick.place * 100}%` }}>{number(tick.chance * 100)}</span>)}</td>
          <th scope="col" class="effect">{t("why.column.odds")}</th>
        </tr>
      </thead>
      <tbody>
        <End name={t("why.base")} margin={base} />
        {steps.map(({ feature, index, change, from, to }) => (
          <tr key={feature.name}>
            <th scope="row">{labelOf(feature)} <span class="value">{valueOf(index)}</span></th>
            <td class="bar" dir="ltr" aria-hidden="true">
              <span class="join" style={{ left: place(from) }} />
              <span class={`change ${change > 0 ? "up" : "down"}`} style={{ left: place(Math.min(from, to)), width: `${Math.abs(at(to) - at(from)) * 100}%` }} />
            </td>
            <td class="effect">{factor(change)}</td>
          </tr>
        ))}
        <End name={t("why.this")} margin={steps.at(-1).to} />
      </tbody>
    </table>
  );
}

/** Why the answer is what it is, in words and as a picture. */
export default function Why({ person: { entries, reading } }) {
  const { t } = useLanguage();
  const { description: { features } } = usePage();
  const [state, setState] = useState({});
  useEffect(() => {
    loadExplainer(wasm("explain_bg.wasm")).then(() => setState({ isReady: true }), (error) => setState({ error }));
  }, []);
  const valueOf = (index) => {
    const feature = features[index];
    const { value, note } = reading.judged[index];
    return value === null || note === "code" ? t("person.absent") : quantity(feature, entries[feature.name].unit, value);
  };
  const why = state.isReady && explain(reading.row);
  const steps = why && stepsOf(features, why);
  return (
    <section class="card why" id="why" aria-labelledby="why-title" aria-busy={!why && !state.error}>
      <h2 id="why-title">{t("why.title")}</h2>
      {state.error && <p class="failure" role="alert">{t("why.failure", { reason: state.error.message })}</p>}
      {why && (
        <>
          <Words steps={steps} valueOf={valueOf} />
          <Waterfall base={why.base} steps={steps} valueOf={valueOf} />
          <p class="help">{t("why.help")}</p>
        </>
      )}
    </section>
  );
}
