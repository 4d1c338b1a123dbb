/** How sure an answer is, by rows with labels that the model was not trained on; or that it is not known. Of a card with an interval of its own nobody asks. */
import { useEffect, useState } from "preact/hooks";
// Within this script: a file beside it would be one more to be fetched.
import { intervalOf } from "../../npm/model/sure.js";
import { usePage } from "../app/context.js";
import { documentOf } from "../case/documents.js";
import { list, number, percent, sentences, useLanguage } from "../i18n/index.js";
import { measured } from "./measure.js";

const LEVEL = 90;

let fetched;
/** The case's document of it, once it is there; `null` where there is none. */
function useCertainty(isTold) {
  const [certainty, setCertainty] = useState(isTold ? undefined : null);
  useEffect(() => {
    if (isTold) {
      fetched ??= documentOf("certainty");
      fetched.then(setCertainty, () => {
        // It may be had the next time.
        fetched = undefined;
      });
    }
  }, []);
  return certainty;
}

/** Shares of 100, with a digit more where two of them are near each other. */
function shares(...all) {
  const isNear = all.some((one, place) => all.slice(place + 1).some((other) => Math.abs(one - other) < 0.02));
  return all.map((share) => percent(share, isNear ? 1 : 0));
}

/** That a risk lies outside its range, where that can be seen in the digits that are shown. */
function outsideOf(t, { low, high, outside }, answer) {
  const [from, to, said] = shares(low, high, answer);
  return outside && said !== from && said !== to ? t("number.sure.outside", { said, low: from, high: to }) : undefined;
}

/** What is said of an answer, how that was measured, and whether a risk lies outside its range; nothing where it is not known. */
function told(t, certainty, answer, { page, kind }) {
  const sure = intervalOf(certainty, answer.shares ?? answer, { level: LEVEL });
  if (sure === undefined) {
    return undefined;
  }
  const rows = number(certainty.rows);
  const said = (share) => number(share * 100, { maximumFractionDigits: 1 });
  // Where the case says whose rows they are, nobody else does.
  const { source } = page.certainty;
  const of = (key) => (source === undefined ? key : `${key}.of`);
  const how = (key, measures) => [t(key, { rows, ...measures }), source].filter((text) => text !== undefined);
  if (sure.merged !== undefined) {
    const [low, high] = shares(sure.low, sure.high);
    const { chosen, positive, standard_error: error } = certainty.risk;
    return {
      first: t(of("number.sure.risk"), { low, high }),
      how: how("number.sure.measured.risk", { said: said(chosen), seen: said(positive / certainty.rows), error: said(error) }),
      outside: outsideOf(t, sure, answer),
    };
  }
  const { coverage, standard_error: error } = (certainty.sets ?? certainty.intervals[0].levels).find(({ level }) => level === LEVEL);
  const measuredBy = how(of("number.sure.measured"), { coverage: said(coverage), error: said(error) });
  if (sure.classes !== undefined) {
    return { first: t("number.sure.classes", { level: LEVEL, classes: list(sure.classes.map((index) => kind.nameOf(index, page))) }), how: measuredBy };
  }
  const [low, high] = [sure.low, sure.high].map((end, place) => measured(place === 0 ? { ...page.answer, unit: "" } : page.answer, end));
  return { first: t("number.sure.between", { level: LEVEL, low, high }), how: measuredBy };
}

export default function Sure({ answer }) {
  const { t } = useLanguage();
  const shown = usePage();
  const certainty = useCertainty(shown.page.certainty);
  if (certainty === undefined) {
    return null;
  }
  const { first, how, outside } = told(t, certainty, answer, shown) ?? {};
  return first === undefined ? (
    <p class="help" id="sure">{t("number.sure.unknown")}</p>
  ) : (
    <>
      <p class="detail" id="sure" dir="auto">{first}</p>
      {outside && <p class="detail" id="sure-outside">{outside}</p>}
      <p class="help" id="sure-measured" dir="auto">{sentences(...how)}</p>
    </>
  );
}
