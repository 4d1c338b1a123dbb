import { Wide } from "../app/Wide.jsx";
import { useLanguage } from "../i18n/index.js";

/** The plot's side, and the room for its numbers. */
const SIDE = 300;
const ROOM = 64;
const TICKS = [0, 0.25, 0.5, 0.75, 1];
const xOf = (share) => ROOM + share * SIDE;
const yOf = (share) => 8 + (1 - share) * SIDE;

/** What was predicted against what came, in groups: as a plot, a sentence for one, and a table. `grey` is where the card says that the model does not tell. */
export function Calibration({ calibration: { bins, columns, sentence }, grey }) {
  const { t, number, percent } = useLanguage();
  const shown = bins[Math.floor(bins.length / 4)];
  return (
    <section class="wide calibration">
      <h3>{t("card.calibration")}</h3>
      <p class="help">{t("card.calibration.help", { count: bins.length })}</p>
      <svg viewBox={`0 0 ${SIDE + ROOM + 20} ${SIDE + 56}`} role="img" aria-label={t("card.calibration.alt", { count: bins.length })} direction="ltr">
        {grey && <rect class="grey-zone" x={xOf(grey.from)} y={yOf(1)} width={(grey.to - grey.from) * SIDE} height={SIDE} />}
        {TICKS.map((share) => (
          <g key={share}>
            <line class="grid" x1={xOf(0)} x2={xOf(1)} y1={yOf(share)} y2={yOf(share)} />
            <text x={ROOM - 8} y={yOf(share) + 4} text-anchor="end">{percent(share)}</text>
            <text x={xOf(share)} y={yOf(0) + 18} text-anchor="middle">{percent(share)}</text>
          </g>
        ))}
        <line class="agreement" x1={xOf(0)} y1={yOf(0)} x2={xOf(1)} y2={yOf(1)} />
        {bins.map(([from, , mean, observed, least, most]) => (
          <g key={from}>
            <line class="whisker" x1={xOf(mean)} x2={xOf(mean)} y1={yOf(least)} y2={yOf(most)} />
            <circle cx={xOf(mean)} cy={yOf(observed)} r="4.5" />
          </g>
        ))}
        <text class="axis-name" transform={`translate(12 ${yOf(0.5)}) rotate(-90)`} text-anchor="middle">{t("card.calibration.observed")}</text>
        <text class="axis-name" x={xOf(0.5)} y={yOf(0) + 40} text-anchor="middle">{t("card.calibration.predicted")}</text>
      </svg>
      <div>
        <Wide label={t("card.calibration")}><table class="figures-table">
          <thead>
            <tr><th scope="col">{t("card.calibration.predicted")}</th><th scope="col">{t("card.calibration.observed")}</th><th scope="col">{t("card.interval")}</th><th scope="col">{t("card.count")}</th></tr>
          </thead>
          <tbody>
            {bins.map(([from, to, , observed, least, most, count]) => (
              <tr key={from}><th scope="row">{percent(from)}–{percent(to)}</th><td>{percent(observed)}</td><td>{percent(least)}–{percent(most)}</td><td>{number(count)}</td></tr>
            ))}
          </tbody>
        </table></Wide>
        {sentence && <p class="help" dir="auto">{filled(sentence, columns, shown, percent, number)}</p>}
      </div>
    </section>
  );
}

/** The card's sentence about one group: its shares as percentages, its count behind them as a number. */
function filled(sentence, columns, bin, percent, number) {
  const values = Object.fromEntries(columns.map((name, index) => [name, index === columns.length - 1 ? number(bin[index]) : percent(bin[index])]));
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(values, name) ? values[name] : whole));
}
