import { useMemo, useState } from "preact/hooks";
import { predictMany } from "wardian/wardian.js";
import { usePage } from "../app/context.js";
import { useLanguage } from "../i18n/index.js";
import { curveOf, stepAt } from "./curve.js";
import { choiceText, labelOf, quantity } from "./words.js";

/** The plot's own units; it is stretched to its place. */
const [WIDTH, HEIGHT] = [200, 100];
/** So many curves are drawn at first, and so many more each time that more are asked for. */
const SHOWN = 12;

/** A line level at each step and upright between two. */
function pathOf(steps, xOf, yOf) {
  const level = ({ prediction }, next) => `V${yOf(prediction).toFixed(2)}H${next.toFixed(2)}`;
  const ends = [...steps.slice(1).map(({ from }) => xOf(from)), WIDTH];
  return `M0 ${yOf(steps[0].prediction).toFixed(2)}${steps.map((step, index) => level(step, ends[index])).join("")}`;
}

function Steps({ feature, unit, steps, curve, page }) {
  const { t } = useLanguage();
  const [isOpen, setIsOpen] = useState(false);
  const isChosen = feature.categories.length > 0;
  return (
    <details onToggle={({ target }) => setIsOpen(target.open)} open={isChosen && steps.length <= SHOWN}>
      <summary>{t("why.curve.table")}<span class="visually-hidden">: {labelOf(feature)}</span></summary>
      {isOpen && (
        <table>
          <thead><tr><th scope="col">{t("why.curve.values")}</th><th scope="col">{curve.column(page)}</th></tr></thead>
          <tbody>
            {steps.map(({ from, to, prediction }) => {
              const ends = isChosen ? [choiceText(feature, feature.categories[from])] : [from, to].map((end) => quantity(feature, unit, end));
              return <tr key={from}><td dir="auto">{from === to ? ends[0] : t("why.curve.span", { from: ends[0], to: ends[1] })}</td><td>{curve.text(prediction, page)}</td></tr>;
            })}
          </tbody>
        </table>
      )}
    </details>
  );
}

/** The curve of one input: its row on it, and a slider to go along it. */
function Curve({ feature, steps, index, person: { entries, reading }, own: prediction, yOf, curve }) {
  const { t } = useLanguage();
  const { page } = usePage();
  const [probe, setProbe] = useState();
  const { minimum, maximum, decimals, name } = feature;
  const { value, note } = reading.judged[index];
  const isChosen = feature.categories.length > 0;
  const isMissing = note === "code" || value === null;
  // A category that training did not see has no place among the others.
  const own = isMissing || note === "unseen" ? null : isChosen ? feature.categories.indexOf(value) : value;
  const [low, high] = isChosen ? [0, feature.categories.length] : [minimum, maximum];
  const clamped = (number) => Math.min(high, Math.max(low, number));
  // A category stands in the middle of its step.
  const share = (number) => (clamped(number) + (isChosen ? 0.5 : 0) - low) / (high - low || 1);
  const at = probe ?? (own === null ? low : clamped(own));
  const { unit } = entries[name];
  const said = (number) => (isChosen ? choiceText(feature, feature.categories[number]) : quantity(feature, unit, number));
  const chance = (value) => curve.text(value, page);
  const shown = probe === undefined
    ? isMissing ? t("why.curve.missing", { chance: chance(prediction) }) : t("why.curve.now", { value: quantity(feature, unit, value), chance: chance(prediction) })
    : t("why.curve.if", { value: said(probe), chance: chance(stepAt(steps, probe).prediction) });
  const id = `curve-${encodeURIComponent(name)}`;
  const shades = curve.shades(page);
  // The marks of a thin shade would be one upon the other.
  const marks = shades.length === 1 && yOf(shades[0].low) - yOf(shades[0].high) > 30 ? [shades[0].high, shades[0].low] : [];
  return (
    <li class="curve">
      <h3 id={id} dir="auto">{labelOf(feature)}</h3>
      <div class="plot" dir="ltr">
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
          {shades.map((shade) => <rect key={shade.name} class="grey-zone" x="0" y={yOf(shade.high)} width={WIDTH} height={yOf(shade.low) - yOf(shade.high)} />)}
          {own === null && <line class="absent-line" x1="0" x2={WIDTH} y1={yOf(prediction)} y2={yOf(prediction)} />}
          <path d={pathOf(steps, (number) => ((number - low) / (high - low || 1)) * WIDTH, yOf)} />
        </svg>
        {marks.map((mark, place) => <span key={mark} class={`mark ${place === 0 ? "upper" : "lower"}`} style={{ top: `${yOf(mark)}%` }} aria-hidden="true">{curve.mark(mark, page)}</span>)}
        {probe !== undefined && <span class="dot probe" style={{ left: `${share(probe) * 100}%`, top: `${yOf(stepAt(steps, probe).prediction)}%` }} />}
        {own !== null && <span class="dot" style={{ left: `${share(own) * 100}%`, top: `${yOf(prediction)}%` }} />}
      </div>
      <input
        type="range"
        dir="ltr"
        min={low}
        max={isChosen ? high - 1 : high}
        step={isChosen ? 1 : decimals === undefined ? "any" : 10 ** -decimals}
        value={at}
        aria-labelledby={id}
        aria-valuetext={shown}
        onInput={({ target }) => setProbe(Number(target.value))}
        onBlur={() => setProbe(undefined)}
      />
      <p class="ends" dir="ltr" aria-hidden="true"><span>{said(low)}</span><span>{said(isChosen ? high - 1 : high)}</span></p>
      <p class="reading" dir="auto">{shown}</p>
      <Steps feature={feature} unit={unit} steps={steps} curve={curve} page={page} />
    </li>
  );
}

/** What the answer would be at every other value of each input, all else as it is. */
export default function Curves({ person }) {
  const { t } = useLanguage();
  const { features, kind, page, description } = usePage();
  const { reading, answer, looked } = person;
  const [count, setCount] = useState(SHOWN);
  const { curve } = kind;
  // What nobody knows the ends of has no curve; of many, what matters most comes first.
  const drawn = features
    .map((feature, index) => ({ feature, index }))
    .filter(({ feature }) => feature.categories.length > 0 || feature.minimum < feature.maximum)
    .sort((one, other) => (other.feature.importance ?? 0) - (one.feature.importance ?? 0));
  const curves = useMemo(
    () => drawn.slice(0, count).map(({ feature, index }) => ({ feature, index, steps: curveOf(features, index, reading.row, predictMany, (predictions, place) => curve.valueOf(predictions, place, looked, description)) })),
    [reading.row.join(), count, looked],
  );
  const own = curve.own?.(answer, looked) ?? answer;
  const [low, high] = curve.ends(page, looked, [own, ...curves.flatMap(({ steps }) => steps.map(({ prediction }) => prediction))]);
  const yOf = (value) => HEIGHT * (1 - (value - low) / (high - low || 1));
  if (drawn.length === 0) {
    return null;
  }
  return (
    <section class="card curves" aria-labelledby="curves-title">
      <h2 id="curves-title">{t("why.curves")}{kind.nameOf && <span dir="auto"> · {kind.nameOf(looked, page)}</span>}</h2>
      <p class="help">{t(drawn.some(({ feature: { categories, hasRange } }) => categories.length === 0 && !hasRange) ? "why.curves.help.splits" : "why.curves.help")}</p>
      <ul>
        {curves.map(({ feature, index, steps }) => <Curve key={feature.name} feature={feature} steps={steps} index={index} person={person} own={own} yOf={yOf} curve={curve} />)}
      </ul>
      {drawn.length > count && <p class="actions"><button type="button" onClick={() => setCount(count + SHOWN)}>{t("why.curves.more", { count: drawn.length - count })}</button></p>}
    </section>
  );
}
