import { useMemo, useState } from "preact/hooks";
import { predictMany } from "wardian/wardian.js";
import { usePage } from "../app/context.js";
import { useLanguage } from "../i18n/index.js";
import { curveOf, stepAt } from "./curve.js";
import { frequency, GREY_ZONE } from "./risk.js";
import { labelOf, quantity } from "./words.js";

/** The plot's own units; it is stretched to its place. */
const [WIDTH, HEIGHT] = [200, 100];
const yOf = (probability) => HEIGHT * (1 - probability);

/** A line level at each step and upright between two. */
function pathOf(steps, xOf) {
  const level = ({ prediction }, next) => `V${yOf(prediction).toFixed(2)}H${next.toFixed(2)}`;
  const ends = [...steps.slice(1).map(({ from }) => xOf(from)), WIDTH];
  return `M0 ${yOf(steps[0].prediction).toFixed(2)}${steps.map((step, index) => level(step, ends[index])).join("")}`;
}

function Steps({ feature, unit, steps }) {
  const { t } = useLanguage();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details onToggle={({ target }) => setIsOpen(target.open)}>
      <summary>{t("why.curve.table")}<span class="visually-hidden">: {labelOf(feature)}</span></summary>
      {isOpen && (
        <table>
          <thead><tr><th scope="col">{t("why.curve.values")}</th><th scope="col">{t("why.curve.chance")}</th></tr></thead>
          <tbody>
            {steps.map(({ from, to, prediction }) => {
              const { kind, count } = frequency(prediction);
              const ends = [from, to].map((end) => quantity(feature, unit, end));
              return <tr key={from}><td>{from === to ? ends[0] : t("why.curve.span", { from: ends[0], to: ends[1] })}</td><td>{t(`why.in100.${kind}`, { count })}</td></tr>;
            })}
          </tbody>
        </table>
      )}
    </details>
  );
}

/** The curve of one input: its person on it, and a slider to go along it. */
function Curve({ feature, index, person: { entries, reading, prediction } }) {
  const { t, percent } = useLanguage();
  const { description: { features } } = usePage();
  const [probe, setProbe] = useState();
  const { minimum, maximum, decimals, name } = feature;
  const { value, note } = reading.judged[index];
  const own = note === "code" ? null : value;
  const steps = useMemo(() => curveOf(features, index, reading.row, predictMany), [reading.row.join()]);
  const clamped = (number) => Math.min(maximum, Math.max(minimum, number));
  const share = (number) => (clamped(number) - minimum) / (maximum - minimum);
  const at = probe ?? (own === null ? minimum : clamped(own));
  const chance = (probability) => {
    const { kind, count } = frequency(probability);
    return t(`why.in100.${kind}`, { count });
  };
  const { unit } = entries[name];
  const shown = probe === undefined
    ? own === null ? t("why.curve.missing", { chance: chance(prediction) }) : t("why.curve.now", { value: quantity(feature, unit, own), chance: chance(prediction) })
    : t("why.curve.if", { value: quantity(feature, unit, probe), chance: chance(stepAt(steps, probe).prediction) });
  return (
    <li class="curve">
      <h3 id={`curve-${name}`}>{labelOf(feature)}</h3>
      <div class="plot" dir="ltr">
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
          <rect class="grey-zone" x="0" y={yOf(GREY_ZONE[1])} width={WIDTH} height={yOf(GREY_ZONE[0]) - yOf(GREY_ZONE[1])} />
          {own === null && <line class="absent-line" x1="0" x2={WIDTH} y1={yOf(prediction)} y2={yOf(prediction)} />}
          <path d={pathOf(steps, (number) => share(number) * WIDTH)} />
        </svg>
        <span class="mark upper" aria-hidden="true">{percent(GREY_ZONE[1])}</span>
        <span class="mark lower" aria-hidden="true">{percent(GREY_ZONE[0])}</span>
        {probe !== undefined && <span class="dot probe" style={{ left: `${share(probe) * 100}%`, top: `${yOf(stepAt(steps, probe).prediction)}%` }} />}
        {own !== null && <span class="dot" style={{ left: `${share(own) * 100}%`, top: `${yOf(prediction)}%` }} />}
      </div>
      <input
        type="range"
        dir="ltr"
        min={minimum}
        max={maximum}
        step={decimals === undefined ? "any" : 10 ** -decimals}
        value={at}
        aria-labelledby={`curve-${name}`}
        aria-valuetext={shown}
        onInput={({ target }) => setProbe(Number(target.value))}
        onBlur={() => setProbe(undefined)}
      />
      <p class="ends" dir="ltr" aria-hidden="true"><span>{quantity(feature, unit, minimum)}</span><span>{quantity(feature, unit, maximum)}</span></p>
      <p class="reading">{shown}</p>
      <Steps feature={feature} unit={unit} steps={steps} />
    </li>
  );
}

/** What the answer would be at every other value of each input, all else as it is. */
export default function Curves({ person }) {
  const { t } = useLanguage();
  const { description: { features } } = usePage();
  return (
    <section class="card curves" aria-labelledby="curves-title">
      <h2 id="curves-title">{t("why.curves")}</h2>
      <p class="help">{t("why.curves.help")}</p>
      <ul>
        {features.map((feature, index) => <Curve key={feature.name} feature={feature} index={index} person={person} />)}
      </ul>
    </section>
  );
}
