import { decimalComma, number, sentences, useLanguage } from "../i18n/index.js";
import { inUnit, LONGEST, toShown, unitsOf } from "./entries.js";
import { helpOf, labelOf, quantity, unitText } from "./words.js";

/** What there is to say about what was typed: that it is wrong, or what to know of it. */
function messageFor(t, feature, { text, unit }, { fault, note, value }) {
  if (fault !== undefined) {
    return t(`person.fault.${fault}`, { value: text.trim() });
  }
  if (note === "outside") {
    const [low, high] = [feature.minimum, feature.maximum].map((end) => number(toShown(feature, unit, end)));
    return t("person.outside", { low, high });
  }
  if (note === "code") {
    return t("person.zero");
  }
  return unit !== feature.unit && value !== null ? t("person.converted", { value: quantity(feature, feature.unit, value) }) : "";
}

/** One measurement: its label, what it is, its unit, and what is wrong with it. */
export function Field({ feature, entry, judged, change }) {
  const { t } = useLanguage();
  const { name, mayBeMissing } = feature;
  const { text, unit, absent } = entry;
  const units = unitsOf(feature);
  const [low, high] = [feature.minimum, feature.maximum].map((end) => number(toShown(feature, unit, end)));
  const label = labelOf(feature);
  const isFaulty = judged.fault !== undefined;
  return (
    <div class={`field${absent ? " absent" : ""}`}>
      <label class="name" for={name}>{label}</label>
      <div class="entry">
        <input
          id={name}
          name={name}
          type="text"
          inputMode="decimal"
          spellcheck={false}
          maxLength={LONGEST}
          value={text}
          disabled={absent}
          required={!mayBeMissing}
          placeholder={mayBeMissing ? t("person.absent") : ""}
          aria-invalid={isFaulty}
          aria-describedby={`${name}-help ${name}-message`}
          onInput={({ target }) => change(name, { text: target.value, unit, absent })}
        />
        {units.length > 1 ? (
          <select
            id={`${name}-unit`}
            class="unit"
            aria-label={t("person.unitOf", { name: label })}
            value={unit}
            onChange={({ target }) => change(name, inUnit(feature, entry, target.value, decimalComma()))}
          >
            {units.map((each) => <option key={each} value={each}>{unitText(each)}</option>)}
          </select>
        ) : unit !== "" && <span class="unit">{unitText(unit)}</span>}
      </div>
      <p class="help" id={`${name}-help`}>{sentences(helpOf(feature), t("person.range", { low, high }))}</p>
      {mayBeMissing && (
        <label class="absence">
          <input type="checkbox" id={`${name}-absent`} checked={absent} onChange={({ target }) => change(name, { ...entry, absent: target.checked })} />
          <span>{t("person.absent")}<span class="visually-hidden">: {label}</span></span>
        </label>
      )}
      <p class={`message${isFaulty ? " fault" : ""}`} id={`${name}-message`}>{messageFor(t, feature, entry, judged)}</p>
    </div>
  );
}
