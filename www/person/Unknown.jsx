/** What the answer could be if a value that is missing were measured, over the values that were observed of it. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { predictMany } from "wardian/wardian.js";
// Within this script: a file beside it would be one more to be fetched.
import { rangesOf } from "../../npm/model/ranges.js";
import { usePage } from "../app/context.js";
import { documentOf } from "../case/documents.js";
import { list, number, useLanguage } from "../i18n/index.js";
import { numbersOf } from "./curve.js";
import { frequency } from "./risk.js";
import { labelOf } from "./words.js";

/** So many are told; of more, those that would tell most. */
const SHOWN = 5;
/** More numbers than these are not asked at a time: of many features those that matter most. */
const MOST_NUMBERS = 1 << 20;

let fetched;
/** The case's document of what was observed, once it is there; `null` where there is none. */
function useObserved() {
  const [observed, setObserved] = useState();
  useEffect(() => {
    fetched ??= documentOf("observed");
    fetched.then(setObserved, () => {
      // It may be had the next time.
      fetched = undefined;
      setObserved(null);
    });
  }, []);
  return observed;
}

/** The features that the row lacks and that were observed elsewhere, as many as may be asked. */
function missingOf(features, reading, observed) {
  const lacking = new Set(reading.missing);
  const missing = features.flatMap((feature, index) => (lacking.has(feature) && Object.hasOwn(observed, feature.name) ? [{ feature, index, ...observed[feature.name] }] : []));
  const byWeight = [...missing].sort((one, other) => (other.feature.importance ?? 0) - (one.feature.importance ?? 0));
  let count = 0;
  return byWeight.filter(({ values }) => (count += values.length * features.length) <= MOST_NUMBERS);
}

export default function Unknown({ person: { reading, looked } }) {
  const { t } = useLanguage();
  const { description, features, kind, page } = usePage();
  const observed = useObserved();
  const told = useMemo(() => {
    const row = numbersOf(features, reading.row);
    const missing = observed ? missingOf(features, reading, observed) : [];
    missing.forEach(({ index }) => (row[index] = NaN));
    const ranges = rangesOf(row, missing, (rows) => predictMany(rows, { codes: true }));
    // Of several answers the one that is looked at.
    const of = (numbers) => numbers[numbers.length > 1 ? looked : 0];
    const all = ranges.map(({ low, high, spread }, index) => ({ feature: missing[index].feature, low: of(low), high: of(high), spread: of(spread) }));
    return all.sort((one, other) => other.spread - one.spread);
  }, [observed, reading, looked, features]);
  // A class alone has nothing between two of it.
  if (told.length === 0 || (page.kind === "classes" && description.predictions === 1)) {
    return null;
  }
  const written = (value) => (page.kind === "risk" ? number(frequency(value).shown) : kind.curve.text(value, page));
  const said = told.map(({ feature, low, high }) => ({ name: labelOf(feature), low: written(low), high: written(high) }));
  const differing = said.filter(({ low, high }) => low !== high);
  const alike = said.filter(({ low, high }) => low === high).map(({ name }) => name);
  const key = page.kind === "risk" ? "why.unknown.risk" : kind.nameOf ? "why.unknown.of" : "why.unknown.between";
  return (
    <div class="unknown" id="unknown">
      {differing.length > 0 && (
        <>
          <ul>{differing.slice(0, SHOWN).map(({ name, low, high }) => <li key={name} dir="auto">{t(key, { name, low, high, what: kind.nameOf?.(looked, page) })}</li>)}</ul>
          {differing.length > SHOWN && <p class="help">{t("person.more", { count: differing.length - SHOWN })}</p>}
        </>
      )}
      {alike.length > 0 && <p class="help" dir="auto">{t("why.unknown.same", { names: list(alike.slice(0, SHOWN)) })}</p>}
      <p class="help" dir="auto">{differing.length > 1 ? t("why.unknown.most", { name: differing[0].name }) : t("why.unknown.help")}</p>
    </div>
  );
}
