import { useEffect, useState } from "preact/hooks";
import { explain, loadExplainer } from "wardian/explain.js";
import { usePage } from "../app/context.js";
import { wasm } from "../app/files.js";
import { list, useLanguage } from "../i18n/index.js";
import { labelOf, quantity } from "./words.js";

/** The least part of the axis between two ticks. */
const APART = 0.11;
/** So many features are told one by one; what the others do is told together. */
const MOST = 15;

/** What each feature adds, the largest first, each from where the one before ended. */
export function stepsOf(features, { base, contributions }) {
  const parts = features.map((feature, index) => ({ feature, index, change: contributions[feature.name] }));
  parts.sort((one, other) => Math.abs(other.change) - Math.abs(one.change));
  const rest = parts.length > MOST + 1 ? parts.splice(MOST) : [];
  if (rest.length > 0) {
    parts.push({ count: rest.length, change: rest.reduce((sum, { change }) => sum + change, 0) });
  }
  let from = base;
  return parts.map((part) => {
    const step = { ...part, from, to: from + part.change };
    from = step.to;
    return step;
  });
}

/** The part of the axis at which a margin stands, and the ticks. */
function axisOf(base, steps, { room, ticks }) {
  const all = [base, ...steps.map(({ to }) => to)];
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const around = 0.08 * (most - least) + (room ?? (0.08 * (most - least) || Math.abs(most) || 1));
  const [low, high] = [least - around, most + around];
  const at = (margin) => (margin - low) / (high - low);
  const shown = [];
  for (const tick of ticks(low, high)) {
    const place = at(tick.margin);
    if (place > 0.03 && place < 0.97 && place - (shown.at(-1)?.place ?? -1) >= APART) {
      shown.push({ ...tick, place });
    }
  }
  return { at, ticks: shown };
}

function Words({ steps, valueOf, slight }) {
  const { t } = useLanguage();
  const told = steps.filter(({ feature }) => feature !== undefined);
  const named = ({ feature, index }) => t("why.named", { name: labelOf(feature), value: valueOf(index) });
  const those = (holds) => list(told.filter(({ change }) => Math.abs(change) > slight && holds(change)).map(named));
  const [up, down] = [those((change) => change > 0), those((change) => change < 0)];
  return (
    <div class="reasons" id="reasons" dir="auto">
      <p class="lead">{t(told[0].change < 0 ? "why.most.down" : "why.most.up", { what: named(told[0]) })}</p>
      {down && <p><span class="key down" aria-hidden="true" /> {t("why.down", { what: down })}</p>}
      {up && <p><span class="key up" aria-hidden="true" /> {t("why.up", { what: up })}</p>}
    </div>
  );
}

/** The way from the mean of training to this answer, a bar for each input. */
function Waterfall({ base, steps, valueOf, why, page }) {
  const { t } = useLanguage();
  const { at, ticks } = axisOf(base, steps, { room: why.room, ticks: (low, high) => why.ticks(low, high, page) });
  const place = (margin) => `${at(margin) * 100}%`;
  const End = ({ name, margin }) => (
    <tr class="end">
      <th scope="row">{name}</th>
      <td class="bar" dir="ltr" aria-hidden="true"><span class="stand" style={{ left: place(margin) }} /></td>
      <td class="effect">{why.end(margin, page)}</td>
    </tr>
  );
  return (
    <table class="waterfall">
      <caption class="visually-hidden">{why.caption(page)}</caption>
      <thead>
        <tr>
          <th scope="col">{t("why.column.input")}</th>
          <td class="axis" dir="ltr" aria-hidden="true">{ticks.map((tick) => <span key={tick.text} style={{ left: `${tick.place * 100}%` }}>{tick.text}</span>)}</td>
          <th scope="col" class="effect">{why.column(page)}</th>
        </tr>
      </thead>
      <tbody>
        <End name={t("why.base")} margin={base} />
        {steps.map(({ feature, index, count, change, from, to }) => (
          <tr key={feature?.name ?? ""}>
            <th scope="row" dir="auto">{feature === undefined ? t("why.others", { count }) : <>{labelOf(feature)} <span class="value">{valueOf(index)}</span></>}</th>
            <td class="bar" dir="ltr" aria-hidden="true">
              <span class="join" style={{ left: place(from) }} />
              <span class={`change ${change > 0 ? "up" : "down"}`} style={{ left: place(Math.min(from, to)), width: `${Math.abs(at(to) - at(from)) * 100}%` }} />
            </td>
            <td class="effect">{why.effect(change, page)}</td>
          </tr>
        ))}
        <End name={t("why.this")} margin={steps.at(-1).to} />
      </tbody>
    </table>
  );
}

/** Of a model of several outputs, the explanation of one. */
function of(why, output) {
  return Array.isArray(why.margin) ? { margin: why.margin[output], base: why.base[output], contributions: why.contributions[output] } : why;
}

/** Why the answer is what it is, in words and as a picture. */
export default function Why({ person: { entries, reading, looked } }) {
  const { t } = useLanguage();
  const { features, kind, model, page, description } = usePage();
  const [state, setState] = useState({});
  useEffect(() => {
    loadExplainer(wasm("explain_bg.wasm"), model).then(() => setState({ isReady: true }), (error) => setState({ error }));
  }, []);
  const valueOf = (index) => {
    const feature = features[index];
    const { value, note } = reading.judged[index];
    return value === null || note === "code" ? t("person.absent") : quantity(feature, entries[feature.name].unit, value);
  };
  let { error } = state;
  let steps;
  let explained;
  try {
    explained = state.isReady && of(explain(reading.row), looked);
    steps = explained && stepsOf(features, explained);
  } catch (thrown) {
    error = thrown;
  }
  const why = typeof kind.why === "function" ? kind.why(description, looked, page) : kind.why;
  return (
    <section class="card why" id="why" aria-labelledby="why-title" aria-busy={!explained && !error}>
      <h2 id="why-title">{t("why.title")}{kind.nameOf && <span dir="auto"> · {kind.nameOf(looked, page)}</span>}</h2>
      {error && <p class="failure" role="alert">{error.code === "no_covers" ? t("why.none") : t("why.failure", { reason: error.message })}</p>}
      {explained && (
        <>
          <Words steps={steps} valueOf={valueOf} slight={why.slight} />
          <Waterfall base={explained.base} steps={steps} valueOf={valueOf} why={why} page={page} />
          <p class="help">{why.help(page)}</p>
        </>
      )}
    </section>
  );
}
