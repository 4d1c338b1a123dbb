/** Several numbers at once, or several probabilities: one of them is looked at. */
import { model, predict } from "wardian/wardian.js";
import { usePage } from "../app/context.js";
import { placesStyle } from "../app/files.js";
import { loadSections, percent, t, useLanguage } from "../i18n/index.js";
import { Among } from "./Among.jsx";
import { Chooser } from "./Chooser.jsx";
import { measured, toldBy } from "./measure.js";

await Promise.all([loadSections(["number"]), placesStyle()]);

const measureOf = (index, { targets = [] }) => targets[index] ?? {};
const nameOf = (index, page) => measureOf(index, page).label ?? t("number.target", { number: index + 1 });
const areShares = () => /logistic/.test(model().link);
const written = (value, index, page) => (areShares() ? percent(value, 1) : measured(measureOf(index, page), value));

/** Where a number is between the ends of its range. */
function shareOf(value, { range }) {
  if (areShares()) {
    return value;
  }
  return range === undefined || !(range[0] < range[1]) ? undefined : (value - range[0]) / (range[1] - range[0]);
}

function Result({ person: { answer, looked, look } }) {
  useLanguage();
  const { page } = usePage();
  const items = answer.map((value, index) => ({ index, name: nameOf(index, page), text: written(value, index, page), share: shareOf(value, measureOf(index, page)) }));
  return (
    <>
      <p class="headline" id="headline"><span dir="auto">{nameOf(looked, page)}</span>: {written(answer[looked], looked, page)}</p>
      {page.outcome && <p class="framing" id="framing" dir="auto">{page.outcome}</p>}
      {!areShares() && <Among measure={measureOf(looked, page)} value={answer[looked]} isOfAnswers={page.figures_of === "answers"} />}
      <Chooser label={t("number.targets")} items={items} looked={looked} look={look} />
      <p class="help">{t("number.look")}</p>
    </>
  );
}

const spoken = (answer, page) => answer.slice(0, 5).map((value, index) => `${nameOf(index, page)}: ${written(value, index, page)}`).join(", ");

export default {
  answerOf: (row) => [predict(row).prediction].flat(),
  headline: spoken,
  spoken,
  Result,
  nameOf,
  lookedAt: (answer, looked) => Math.min(looked ?? 0, (answer?.length ?? 1) - 1),
  why: ({ link }, looked, page) => toldBy(link, measureOf(looked, page)),
  curve: {
    ends(page, looked, drawn) {
      const { range = [] } = areShares() ? { range: [0, 1] } : measureOf(looked, page);
      return [Math.min(...range, ...drawn), Math.max(...range, ...drawn)];
    },
    own: (answer, looked) => answer[looked],
    valueOf: (predictions, place, looked, { predictions: width }) => predictions[place * width + looked],
    text: (value, page) => written(value, 0, page),
    column: () => t("person.result"),
    shades: () => [],
    mark: (value, page) => written(value, 0, page),
  },
};
