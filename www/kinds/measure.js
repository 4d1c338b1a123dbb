/** Numbers as answers: their units, and the scales on which contributions to them are told. */
import { number, percent, t } from "../i18n/index.js";
import { logistic } from "../person/risk.js";

/** So many digits, where nobody says how many decimals. */
const DIGITS = 4;

/** A number of a measure (`{ unit, decimals }`), with its unit. */
export function measured({ unit, decimals } = {}, value, options) {
  const digits = decimals === undefined ? { maximumSignificantDigits: DIGITS } : { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  const text = number(value, { ...digits, ...options });
  return unit === undefined || unit === "" ? text : `${text} ${unit}`;
}

/** About six round numbers between two. */
export function roundNumbers(low, high) {
  const rough = (high - low) / 6;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((each) => each >= rough);
  const first = Math.ceil(low / step);
  return Number.isFinite(step) ? Array.from({ length: Math.max(0, Math.floor(high / step) - first + 1) }, (_, index) => Number(((first + index) * step).toPrecision(12))) : [];
}

/** How contributions are told where the answer is the margin, or where nothing better is known: as what they add. */
export const adding = (measure, help = "number.help") => ({
  slight: 0,
  ticks: (low, high) => roundNumbers(low, high).map((margin) => ({ margin, text: number(margin) })),
  end: (margin) => measured(measure, margin),
  effect: (change) => measured(measure, change, { signDisplay: "exceptZero" }),
  column: () => t("number.column.adds"),
  caption: () => t("number.caption"),
  help: () => t(help),
});

/** Where the answer is the margin's exponential: as factors. */
export const multiplying = (measure) => ({
  slight: Math.log(1.005),
  ticks: (low, high) => roundNumbers(low, high).map((margin) => ({ margin, text: number(Math.exp(margin), { maximumSignificantDigits: 2 }) })),
  end: (margin) => measured(measure, Math.exp(margin)),
  effect: (change) => t(change < 0 ? "why.factor.divided" : "why.factor.times", { times: number(Math.exp(Math.abs(change)), { maximumFractionDigits: 2, minimumFractionDigits: 2 }) }),
  column: () => t("number.column.factor"),
  caption: () => t("number.caption"),
  help: () => t("number.help.factor"),
});

/** Where the answer is the margin's logistic: the margin is the logarithm of the odds. */
const oddly = () => ({ ...adding({}, "number.help.odds"), end: (margin) => percent(logistic(margin), 1) });

/** How contributions to an output of this link are told. */
export function toldBy(link, measure) {
  if (/^exponential/.test(link)) {
    return multiplying(measure);
  }
  if (/logistic/.test(link)) {
    return oddly();
  }
  return /^identity/.test(link) ? adding(measure) : adding({}, "number.help.margin");
}
