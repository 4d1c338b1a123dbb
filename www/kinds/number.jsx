/** A number: a measure with its unit, a count, a score, a time, a hazard. */
import { predict } from "wardian/wardian.js";
import { usePage } from "../app/context.js";
import { has, loadSections, t, useLanguage } from "../i18n/index.js";
import { boundsOf, shadesOf, zoneOf } from "../person/zones.js";
import { Among } from "./Among.jsx";
import { measured, toldBy } from "./measure.js";

await loadSections(["number"]);

const written = (answer, { answer: measure }) => measured(measure, answer);
const spoken = (answer, page) => [written(answer, page), page.outcome].filter(Boolean).join(", ");

function Result({ person: { answer }, headline }) {
  useLanguage();
  const { page } = usePage();
  const zone = zoneOf(page.zones, answer);
  return (
    <>
      <p class="headline" id="headline">{headline}</p>
      {page.outcome && <p class="framing" id="framing" dir="auto">{page.outcome}</p>}
      {has(`number.what.${page.kind}`) && <p class="detail" id="detail">{t(`number.what.${page.kind}`)}</p>}
      <Among measure={page.answer} value={answer} zones={page.zones} isOfAnswers={page.figures_of === "answers"} />
      {zone && <p class="zone" data-zone={page.zones.indexOf(zone)} id="zone" dir="auto">{zone.text}</p>}
    </>
  );
}

/** The ends of all curves: what is drawn, and the training rows' range where it is known. */
const ends = ({ answer: { range = [] } = {} }, _, drawn) => [Math.min(...range, ...drawn), Math.max(...range, ...drawn)];

export default {
  answerOf: (row) => predict(row).prediction,
  headline: written,
  spoken,
  Result,
  why: ({ link }, _, { answer }) => toldBy(link, answer),
  curve: {
    ends,
    valueOf: (predictions, place) => predictions[place],
    text: (prediction, page) => written(prediction, page),
    column: () => t("person.result"),
    shades: (page) => shadesOf(page.zones, ...(page.answer?.range ?? [0, 0])).filter(() => boundsOf(page.zones).length > 0),
    mark: (each, page) => written(each, page),
  },
};
