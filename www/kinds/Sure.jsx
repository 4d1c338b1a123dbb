/** How sure an answer is, by rows with labels that the model was not trained on; or that it is not known. Of a card with an interval of its own nobody asks. */
import { useEffect, useState } from "preact/hooks";
// Within this script: a file beside it would be one more to be fetched.
import { intervalOf } from "../../npm/model/sure.js";
import { usePage } from "../app/context.js";
import { documentOf } from "../case/documents.js";
import { list, number, percent, useLanguage } from "../i18n/index.js";
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

/** Shares of 100, with a digit more where the ends are near each other. */
const shares = (low, high) => [low, high].map((share) => percent(share, high - low < 0.02 ? 1 : 0));

/** What is said of an answer, and of how that was measured; nothing where it is not known. */
function told(t, certainty, answer, { page, kind }) {
  const sure = intervalOf(certainty, answer.shares ?? answer, { level: LEVEL });
  if (sure === undefined) {
    return undefined;
  }
  const rows = number(certainty.rows);
  const said = (share) => number(share * 100, { maximumFractionDigits: 1 });
  if (sure.merged !== undefined) {
    const [low, high] = shares(sure.low, sure.high);
    const { chosen, positive, standard_error: error } = certainty.risk;
    return [
      t("number.sure.risk", { low, high }),
      t("number.sure.measured.risk", { rows, said: said(chosen), seen: said(positive / certainty.rows), error: said(error) }),
    ];
  }
  const { coverage, standard_error: error } = (certainty.sets ?? certainty.intervals[0].levels).find(({ level }) => level === LEVEL);
  const how = t("number.sure.measured", { rows, coverage: said(coverage), error: said(error) });
  if (sure.classes !== undefined) {
    return [t("number.sure.classes", { level: LEVEL, classes: list(sure.classes.map((index) => kind.nameOf(index, page))) }), how];
  }
  const [low, high] = [sure.low, sure.high].map((end, place) => measured(place === 0 ? { ...page.answer, unit: "" } : page.answer, end));
  return [t("number.sure.between", { level: LEVEL, low, high }), how];
}

export default function Sure({ answer }) {
  const { t } = useLanguage();
  const shown = usePage();
  const certainty = useCertainty(shown.page.certainty);
  if (certainty === undefined) {
    return null;
  }
  const [first, how] = told(t, certainty, answer, shown) ?? [];
  return first === undefined ? (
    <p class="help" id="sure">{t("number.sure.unknown")}</p>
  ) : (
    <>
      <p class="detail" id="sure" dir="auto">{first}</p>
      <p class="help" id="sure-measured">{how}</p>
    </>
  );
}
