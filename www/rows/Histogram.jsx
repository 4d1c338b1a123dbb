import { usePage } from "../app/context.js";
import { list, useLanguage } from "../i18n/index.js";
import { classNames } from "../kinds/rows.js";
import { boundsOf, shadesOf } from "../person/zones.js";
import { byKind, classLabel, measured, zoneLabel } from "./answers.js";

const [WIDTH, HEIGHT, FOOT] = [400, 140, 18];
/** The least part of the axis between two of its numbers. */
const APART = 0.14;
/** Classes beyond these are in the file. */
const MOST_CLASSES = 30;

/** The ends of the axis, and those bounds between zones that have room between them. */
function ticksOf(low, high, zones) {
  const at = (value) => (value - low) / (high - low);
  const ticks = [{ value: low, place: 0 }];
  for (const value of boundsOf(zones)) {
    const place = at(value);
    if (place - ticks.at(-1).place >= APART && 1 - place >= APART) {
      ticks.push({ value, place });
    }
  }
  return high > low ? [...ticks, { value: high, place: 1 }] : ticks;
}

/** How many rows have which answer, named zones behind them. */
export function Histogram({ totals: { tally } }) {
  const { t, has, number } = useLanguage();
  const { page } = usePage();
  const { zones = [] } = page;
  const { low, high, counts } = tally.histogram();
  const tallest = Math.max(...counts);
  const step = WIDTH / counts.length;
  const xOf = (value) => ((value - low) / (high - low)) * WIDTH;
  const parts = zones.map((_, place) => `${zoneLabel(page, place, has)}: ${number(tally.zones[place])}`);
  const label = parts.length > 0 ? t("rows.histogram.zones", { parts: list(parts) }) : t("rows.histogram.ends", { low: measured(page, low), high: measured(page, high) });
  return (
    <figure class="histogram">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT + FOOT}`} role="img" aria-label={label}>
        {high > low && shadesOf(zones, low, high).filter((shade) => shade.high > shade.low).map((shade) => (
          <rect key={shade.low} class="grey" x={xOf(shade.low)} y="0" width={xOf(shade.high) - xOf(shade.low)} height={HEIGHT} />
        ))}
        {counts.map((count, index) => {
          // One row is to be seen beside a million.
          const height = count === 0 ? 0 : Math.max(1, (count / tallest) * (HEIGHT - 8));
          return <rect key={index} class="stack" x={index * step + 0.75} y={HEIGHT - height} width={step - 1.5} height={height} />;
        })}
        <line x1="0" x2={WIDTH} y1={HEIGHT} y2={HEIGHT} />
        {ticksOf(low, high, zones).map(({ value, place }) => (
          <text key={place} x={place * WIDTH} y={HEIGHT + 14} text-anchor={place === 0 ? "start" : place === 1 ? "end" : "middle"}>{measured(page, value)}</text>
        ))}
      </svg>
      <figcaption class="help">{byKind("histogram", page)}</figcaption>
    </figure>
  );
}

/** How many rows are of which class, most first. */
export function ClassCounts({ totals: { tally, scored } }) {
  const { t, number, percent } = useLanguage();
  const { page, description } = usePage();
  const named = classNames(page, description).map((name, place) => ({ name: classLabel(page, name), count: tally.classes[place] }));
  const shown = named.toSorted((one, other) => other.count - one.count).slice(0, MOST_CLASSES);
  return (
    <table class="class-counts">
      <caption>{byKind("histogram", page)}</caption>
      <thead class="visually-hidden"><tr><th scope="col">{t("rows.tables.class")}</th><th scope="col">{t("rows.outcome.count")}</th></tr></thead>
      <tbody>
        {shown.map(({ name, count }) => (
          <tr key={name}>
            <th scope="row" dir="auto">{name}</th>
            <td>
              <span class="count-bar" aria-hidden="true" style={{ width: `${(count / Math.max(1, shown[0].count)) * 60}%` }} />
              {number(count)} <span class="help">{percent(count / scored)}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
