/** One of several classes: how probable each is, and why for the one that is looked at. */
import { model, predict } from "wardian/wardian.js";
import { usePage } from "../app/context.js";
import { placesStyle } from "../app/files.js";
import { loadSections, percent, t, useLanguage } from "../i18n/index.js";
import { Chooser } from "./Chooser.jsx";
import { adding } from "./measure.js";

await Promise.all([loadSections(["classes", "number"]), placesStyle()]);

const best = (shares) => shares.reduce((most, share, index) => (share > shares[most] ? index : most), 0);
/** What people call a class: a model's file may have no names for them. */
const nameOf = (index, { classes = {} }) => {
  const name = model().classes[index] ?? String(index);
  return Object.hasOwn(classes, name) ? classes[name] : name;
};
/** The class, and how probable each is: a model may give the class alone. */
const told = (prediction) => (Array.isArray(prediction) ? { chosen: best(prediction), shares: prediction } : { chosen: prediction });
/** A share that is not all, nor nothing. */
const share = (value) => (value > 0.9995 && value < 1 ? `> ${percent(0.999, 1)}` : value > 0 && value < 0.0005 ? `< ${percent(0.001, 1)}` : percent(value, 1));

function spoken({ chosen, shares }, page) {
  const name = nameOf(chosen, page);
  return shares === undefined ? name : `${name}, ${share(shares[chosen])}`;
}

function Result({ person: { answer, looked, look }, headline }) {
  useLanguage();
  const { page, description } = usePage();
  const { chosen, shares } = answer;
  const count = shares?.length ?? description.outputs;
  const items = Array.from({ length: count }, (_, index) => ({
    index,
    name: nameOf(index, page),
    share: shares?.[index],
    text: shares === undefined ? "" : share(shares[index]),
  }));
  // Of many the most probable are to be seen; a few stay where they are.
  const ordered = count > 6 && shares ? items.sort((one, other) => other.share - one.share) : items;
  return (
    <>
      <p class="headline" id="headline" dir="auto">{headline}</p>
      {page.outcome && <p class="framing" id="framing" dir="auto">{page.outcome}</p>}
      {shares && <p class="detail" id="detail">{t("person.probability", { value: share(shares[chosen]) })}</p>}
      <Chooser label={t("classes.all")} items={ordered} looked={looked} look={look} />
      <p class="help">{t("classes.look")}</p>
    </>
  );
}

export default {
  answerOf: (row) => told(predict(row).prediction),
  headline: ({ chosen }, page) => nameOf(chosen, page),
  spoken,
  Result,
  nameOf,
  lookedAt: (answer, looked) => looked ?? answer?.chosen ?? 0,
  why: () => adding({ decimals: 2 }, "classes.help"),
  curve: {
    ends: () => [0, 1],
    own: ({ chosen, shares }, looked) => (shares === undefined ? Number(chosen === looked) : shares[looked]),
    valueOf: (predictions, place, looked, { predictions: width }) => (width === 1 ? Number(predictions[place] === looked) : predictions[place * width + looked]),
    text: share,
    column: () => t("why.curve.chance"),
    shades: () => [],
    mark: share,
  },
};
