import { decimalComma, number, sentences, useLanguage } from "../i18n/index.js";
import { inUnit, LONGEST, numberIn, roundingOf, toShown, unitsOf } from "./entries.js";
import { helpOf, labelOf, quantity, unitText } from "./words.js";

/** Features with categories, and those that are yes or no: fetched where there are such. */
export const isChosen = ({ categories, ...feature }) => categories.length > 0 || feature.switch === true;

/** What there is to say about what was typed: that it is wrong, or what to know of it. */
function messageFor(t, feature, { text, unit }, { fault, note, value }) {
  if (fault !== undefined) {
    return t(`person.fault.${fault}`, { value: text.trim() });
  }
  if (note === "outside") {
    const typed = numberIn(text, decimalComma());
    const [low, high] = [feature.minimum, feature.maximum].map((end) => toShown(feature, unit, end)).map((end) => number(end, roundingOf(end, typed)));
    return t("person.outside", { low, high });
  }
  if (note === "code") {
    return t("person.zero", { value });
  }
  return unit !== feature.unit && value !== null ? t("person.converted", { value: quantity(feature, feature.unit, value) }) : "";
}

/** One value: its label, what it is, its unit, and what is wrong with it. `isOneOfMany`: what is left empty is not measured, and no more is said. */
export function Field({ feature, id, entry, judged, change, isOneOfMany }) {
  const { t } = useLanguage();
  const { name, mayBeMissing } = feature;
  const { text, unit, absent } = entry;
  const units = unitsOf(feature);
  const label = labelOf(feature);
  const range = feature.hasRange && t("person.range", Object.fromEntries([["low", feature.minimum], ["high", feature.maximum]].map(([end, value]) => [end, number(toShown(feature, unit, value))])));
  const isFaulty = judged.fault !== undefined;
  return (
    <div class={`field${absent ? " absent" : ""}`}>
      <label class="name" for={id} dir="auto">{label}</label>
      <div class="entry">
        <input
          id={id}
          name={id}
          type="text"
          inputMode="decimal"
          spellcheck={false}
          maxLength={LONGEST}
          value={text}
          disabled={absent}
          required={!mayBeMissing}
          placeholder={mayBeMissing ? t("person.absent") : ""}
          aria-invalid={isFaulty}
          aria-describedby={`${id}-help ${id}-message`}
          onInput={({ target }) => change(name, { text: target.value, unit, absent })}
        />
        {units.length > 1 ? (
          <select
            id={`${id}-unit`}
            class="unit"
            aria-label={t("person.unitOf", { name: label })}
            value={unit}
            onChange={({ target }) => change(name, inUnit(feature, entry, target.value, decimalComma()))}
          >
            {units.map((each) => <option key={each} value={each}>{unitText(feature, each)}</option>)}
          </select>
        ) : unit !== "" && <span class="unit">{unitText(feature, unit)}</span>}
      </div>
      <p class="help" id={`${id}-help`} dir="auto">{sentences(...[helpOf(feature), range].filter(Boolean))}</p>
      {mayBeMissing && !isOneOfMany && (
        <label class="absence">
          <input type="checkbox" id={`${id}-absent`} checked={absent} onChange={({ target }) => change(name, { ...entry, absent: target.checked })} />
          <span>{t("person.absent")}<span class="visually-hidden">: {label}</span></span>
        </label>
      )}
      <p class={`message${isFaulty ? " fault" : ""}`} id={`${id}-message`}>{messageFor(t, feature, entry, judged)}</p>
    </div>
  );
}
