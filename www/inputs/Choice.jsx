import { useLanguage } from "../i18n/index.js";
import { choiceText, helpOf, labelOf, unitText, unseenOf } from "../person/words.js";

/** More categories than these are searched by typing. */
const LISTED = 12;

/** A value of a few: a category of the model's, or yes and no for 1 and 0. */
export function Choice({ feature, id, entry, judged, change, isOneOfMany }) {
  const { t } = useLanguage();
  const { name, mayBeMissing, categories, unit } = feature;
  const { text, absent } = entry;
  const label = labelOf(feature);
  const help = helpOf(feature);
  const isFaulty = judged.fault !== undefined;
  const put = (chosen) => change(name, { text: chosen, unit, absent: absent && chosen === "" });
  const choices = categories.length > 0 ? categories.map((each) => [each, choiceText(feature, each)]) : [["1", t("inputs.yes")], ["0", t("inputs.no")]];
  const described = { "aria-invalid": isFaulty, "aria-describedby": `${id}-help ${id}-message` };
  const isUnseen = judged.note === "unseen";
  const said = isFaulty ? t(`person.fault.${judged.fault}`, { value: text.slice(0, 40) }) : isUnseen ? t("inputs.unseen.help") : "";
  const message = <p class={`message${isFaulty ? " fault" : ""}`} id={`${id}-message`}>{said}</p>;
  if (categories.length === 0) {
    return (
      <fieldset class={`field choices-field${absent ? " absent" : ""}`} aria-describedby={`${id}-help`}>
        <legend class="name" dir="auto">{label}</legend>
        <div class="entry switch">
          {[...choices, ["", t("person.absent")]].filter(([value]) => value !== "" || mayBeMissing).map(([value, said]) => (
            <label key={value}><input type="radio" name={id} id={`${id}-${value || "absent"}`} checked={text === value} onChange={() => put(value)} /> {said}</label>
          ))}
        </div>
        <p class="help" id={`${id}-help`} dir="auto">{help}</p>
        {message}
      </fieldset>
    );
  }
  const isLong = categories.length > LISTED;
  // Beside them one that training did not see: the one that was pasted, or any.
  const others = [...new Set([isUnseen && text, feature.takesUnseen && unseenOf(feature)])].filter(Boolean).map((each) => [each, choiceText(feature, each)]);
  // What is typed is what people call a category; what the model is told is its name.
  const shown = categories.includes(text) || isUnseen ? choiceText(feature, text) : text;
  const named = (typed) => [...choices, ...others].find(([each, said]) => said === typed || each === typed)?.[0] ?? typed;
  return (
    <div class={`field${absent ? " absent" : ""}`}>
      <label class="name" for={id} dir="auto">{label}</label>
      <div class="entry">
        {isLong ? (
          <>
            <input id={id} name={id} type="text" list={`${id}-list`} autocomplete="off" spellcheck={false} dir="auto" value={shown} placeholder={mayBeMissing ? t("person.absent") : t("inputs.choose")} onInput={({ target }) => put(named(target.value))} {...described} />
            <datalist id={`${id}-list`}>{choices.slice(0, 1000).map(([each, said]) => <option key={each} value={said} />)}</datalist>
          </>
        ) : (
          <select id={id} name={id} dir="auto" value={text} onChange={({ target }) => put(target.value)} {...described}>
            <option value="">{mayBeMissing ? t("person.absent") : "–"}</option>
            {[...choices, ...others].map(([each, said]) => <option key={each} value={each}>{said}</option>)}
          </select>
        )}
        {unit !== "" && <span class="unit">{unitText(feature, unit)}</span>}
      </div>
      <p class="help" id={`${id}-help`} dir="auto">{help}</p>
      {!isOneOfMany && mayBeMissing && isLong && text !== "" && <button type="button" class="plain" onClick={() => put("")}>{t("person.clear")}</button>}
      {message}
    </div>
  );
}
