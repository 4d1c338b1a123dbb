import { usePage } from "../app/context.js";
import { useLanguage } from "../i18n/index.js";
import { Field } from "./Field.jsx";

/** The measurements: one field a feature, made from the model's own description. */
export function Form({ entries, judged, change, example, clear }) {
  const { description: { features } } = usePage();
  const { t } = useLanguage();
  return (
    <form class="card form" noValidate autocomplete="off" aria-labelledby="measurements" onSubmit={(event) => event.preventDefault()}>
      <div class="card-head">
        <h2 id="measurements">{t("person.measurements")}</h2>
        <div class="actions">
          <button type="button" class="plain" id="example" onClick={example}>{t("person.example")}</button>
          <button type="button" class="plain" id="clear" onClick={clear}>{t("person.clear")}</button>
        </div>
      </div>
      {features.map((feature, index) => (
        <Field key={feature.name} feature={feature} entry={entries[feature.name]} judged={judged[index]} change={change} />
      ))}
      <p class="help kept">{t("person.kept")}</p>
    </form>
  );
}
