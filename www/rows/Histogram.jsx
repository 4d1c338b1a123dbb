import { useLanguage } from "../i18n/index.js";
import { GREY_ZONE } from "../person/risk.js";
import { BARS } from "./limits.js";

const [WIDTH, HEIGHT, FOOT] = [400, 140, 18];

/** How many rows have which probability, the grey zone behind them. */
export function Histogram({ totals: { bars, below, above, scored } }) {
  const { t, percent } = useLanguage();
  const tallest = Math.max(...bars);
  const step = WIDTH / BARS;
  const label = t("rows.histogram.label", { below, inside: scored - below - above, above });
  return (
    <figure class="histogram">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT + FOOT}`} role="img" aria-label={label}>
        <rect class="grey" x={GREY_ZONE[0] * WIDTH} y="0" width={(GREY_ZONE[1] - GREY_ZONE[0]) * WIDTH} height={HEIGHT} />
        {bars.map((count, index) => {
          // One row is to be seen beside a million.
          const height = count === 0 ? 0 : Math.max(1, (count / tallest) * (HEIGHT - 8));
          return <rect key={index} class="stack" x={index * step + 0.75} y={HEIGHT - height} width={step - 1.5} height={height} />;
        })}
        <line x1="0" x2={WIDTH} y1={HEIGHT} y2={HEIGHT} />
        {[0, ...GREY_ZONE, 1].map((at) => (
          <text key={at} x={at * WIDTH} y={HEIGHT + 14} text-anchor={at === 0 ? "start" : at === 1 ? "end" : "middle"}>{percent(at)}</text>
        ))}
      </svg>
      <figcaption class="help">{t("rows.histogram.caption")}</figcaption>
    </figure>
  );
}
