import { usePage } from "../app/context.js";
import { placesStyle } from "../app/files.js";
import { loadSections, useLanguage } from "../i18n/index.js";
import { Field, isChosen } from "./Field.jsx";

/** So many are all shown at once. */
export const MANY = 20;

/** Of more, in groups, or with choices, the form has more to it, which is fetched. */
const isLarge = (features) => features.length > MANY || features.some((feature) => feature.group !== undefined || isChosen(feature));

let Inputs;
/** Fetches what such a form has, before anything is drawn: what follows the form would jump when it came. Without it every value has a plain field. */
export async function readyForm(features) {
  if (isLarge(features)) {
    const [{ default: fetched }] = await Promise.all([import("../inputs/index.jsx"), loadSections(["inputs"]), placesStyle()]);
    Inputs = fetched;
  }
}

/** A field's id: a feature's name may be anything. */
export const idOf = ({ name }) => `input-${encodeURIComponent(name)}`;

/** The values: one field a feature, made from the model's own description. */
export function Form({ entries, judged, change, example, clear, put }) {
  const { features, page } = usePage();
  const { t } = useLanguage();
  return (
    <form class="card form" noValidate autocomplete="off" aria-labelledby="measurements" onSubmit={(event) => event.preventDefault()}>
      <div class="card-head">
        <h2 id="measurements">{t("person.measurements")}</h2>
        <div class="actions">
          {page.example !== undefined && <button type="button" class="plain" id="example" onClick={example}>{t("person.example")}</button>}
          <button type="button" class="plain" id="clear" onClick={clear}>{t("person.clear")}</button>
        </div>
      </div>
      {Inputs !== undefined
        ? <Inputs entries={entries} judged={judged} change={change} put={put} />
        : features.map((feature, index) => (
          <Field key={feature.name} feature={feature} id={idOf(feature)} entry={entries[feature.name]} judged={judged[index]} change={change} />
        ))}
      <p class="help kept">{t("person.kept")}</p>
    </form>
  );
}
