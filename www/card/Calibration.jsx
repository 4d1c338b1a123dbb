import { Wide } from "../app/Wide.jsx";
import { useLanguage } from "../i18n/index.js";
import { card } from "./card.js";

/** The plot's side, and the room for its numbers. */
const SIDE = 300;
const ROOM = 64;
const TICKS = [0, 0.25, 0.5, 0.75, 1];
const xOf = (share) => ROOM + share * SIDE;
const yOf = (share) => 8 + (1 - share) * SIDE;

/** What was predicted against what came, in ten groups: as a plot, a sentence for each, and a table. */
export function Calibration({ text }) {
  const { t, number, percent } = useLanguage();
  const { bins, sentence } = card.calibration;
  const { from: low, to: high } = card.performance.grey_zone;
  return (
    <section class="wide calibration">
      <h3>{t("card.calibration")}</h3>
      <p class="help">{t("card.calibration.help")}</p>
      <svg viewBox={`0 0 ${SIDE + ROOM + 20} ${SIDE + 56}`} role="img" aria-label={t("card.calibration.alt")} direction="ltr">
        <rect class="grey-zone" x={xOf(low)} y={yOf(1)} width={(high - low) * SIDE} height={SIDE} />
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
            <tr><th scope="col">{t("card.calibration.predicted")}</th><th scope="col">{t("card.calibration.observed")}</th><th scope="col">{t("card.interval")}</th><th scope="col">{t("card.women")}</th></tr>
          </thead>
          <tbody>
            {bins.map(([from, to, , observed, least, most, women]) => (
              <tr key={from}><th scope="row">{percent(from)}–{percent(to)}</th><td>{percent(observed)}</td><td>{percent(least)}–{percent(most)}</td><td>{number(women)}</td></tr>
            ))}
          </tbody>
        </table></Wide>
        <p class="help">{filled(text(sentence), bins[2], percent, number)}</p>
      </div>
    </section>
  );
}

/** The card's sentence about one group. */
function filled(sentence, bin, percent, number) {
  const values = Object.fromEntries(card.calibration.columns.map((name, index) => [name, bin[index]]));
  return sentence.replace(/\{(\w+)\}/g, (_, name) => (name === "women" ? number(values[name]) : percent(values[name])));
}
