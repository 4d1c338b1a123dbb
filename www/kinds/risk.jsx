/** A probability of one outcome: a frequency, a hundred figures, where it lies, its interval. */
import { predict } from "wardian/wardian.js";
import { usePage } from "../app/context.js";
import { has, number, percent, sentences, t, useLanguage } from "../i18n/index.js";
import { frequency, logOdds, logistic } from "../person/risk.js";
import { Scale } from "../person/Scale.jsx";
import { boundsOf, shadesOf, zoneOf } from "../person/zones.js";
import { IconArray } from "./IconArray.jsx";

const headline = (probability) => {
  const { kind, count } = frequency(probability);
  return t(`person.headline.${kind}`, { count });
};

/** The key of a sentence about the outcome: the one that knows its name, unless the case has a sentence of its own. */
const named = (key, { words, outcome }) => (words?.[key] === undefined && outcome ? `${key}.outcome` : key);

/** What it means for a hundred like this. */
const framing = (probability, page) => {
  const { shown } = frequency(probability);
  return t(named("person.framing", page), { yes: shown, no: 100 - shown, outcome: page.outcome });
};

const share = (probability) => {
  const { kind, count } = frequency(probability);
  return t(`why.in100.${kind}`, { count });
};

function Result({ person: { answer }, card, headline: text }) {
  useLanguage();
  const { page } = usePage();
  const interval = card?.interval && card.intervalOf(answer);
  // Of rows without labels it is the mean of the model's own answers, which says nothing of what happened.
  const mean = page.figures_of === "answers" ? undefined : page.base_rate;
  const place = zoneOf(page.zones, answer);
  const name = place && page.zones.indexOf(place);
  const told = framing(answer, page);
  return (
    <>
      <div class="figures">
        <div class="words">
          <p class="headline" id="headline">{text}</p>
          <p class="framing" id="framing" dir="auto">{told}</p>
          <p class="detail" id="detail">
            {t("person.probability", { value: number(answer, { minimumFractionDigits: 3, maximumFractionDigits: 3 }) })}
            {interval && <> · <span id="interval">{t("person.interval", { level: percent(interval.level), low: percent(interval.low), high: percent(interval.high) })}</span></>}
          </p>
        </div>
        <IconArray count={frequency(answer).shown} label={told} />
      </div>
      <Scale value={answer} interval={interval} mean={mean} shades={shadesOf(page.zones, 0, 1)} ticks={[0, ...boundsOf(page.zones), 1]} place={(each) => each} write={(each) => percent(each)} />
      {place && <p class="zone" data-zone={name} id="zone" dir="auto">{place.text}</p>}
      {mean !== undefined && (
        <p class="help" id="context">{sentences(t(named("person.context", page), { mean: Math.round(mean * 100) }), ...(interval && has("person.caution") ? [t("person.caution")] : []))}</p>
      )}
    </>
  );
}

/** A factor of the odds that is not worth a word. */
const SLIGHT = Math.log(1.02);
/** The chances that an axis may show: so few that no two stand in each other's way, so many that some always show. */
const TICKS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99];

export default {
  answerOf: (row) => predict(row).prediction,
  headline,
  spoken: (answer, page) => `${headline(answer)}. ${framing(answer, page)}`,
  Empty: () => <IconArray count={0} label={t("person.icons.none")} />,
  Result,
  why: {
    slight: SLIGHT,
    room: 0.1,
    ticks: () => TICKS.map((chance) => ({ margin: logOdds(chance), text: number(chance * 100) })),
    end: (margin) => share(logistic(margin)),
    effect(change) {
      if (Math.abs(change) <= SLIGHT) {
        return t("why.factor.none");
      }
      const times = number(Math.exp(Math.abs(change)), { minimumFractionDigits: 1, maximumFractionDigits: 1 + (Math.abs(change) < 0.1) });
      return t(change > 0 ? "why.factor.times" : "why.factor.divided", { times });
    },
    column: () => t("why.column.odds"),
    caption: () => t("why.caption"),
    help: () => t("why.help"),
  },
  curve: {
    ends: () => [0, 1],
    valueOf: (predictions, place) => predictions[place],
    text: share,
    column: () => t("why.curve.chance"),
    shades: (page) => shadesOf(page.zones, 0, 1),
    mark: (each) => percent(each),
  },
};
