import { sentences, useLanguage } from "../../i18n/index.js";
import { sizeText } from "./sizes.js";

/** What the program calls by an option is called here as its place on the page is. */
const PLACES = { "--held-out": "studio.heldOut", "--label": "studio.label", "--data": "studio.data", "--predictions": "studio.predictions", "--group": "studio.group", "--positive": "mend.positive", "--column": "mend.match", "--header": "mend.header", "--decimal": "mend.decimal" };
const OPTION = new RegExp(Object.keys(PLACES).join("|"), "g");

/** What the program says, in terms of the page. */
export const inPlaces = (text, { t, has }) => text.replace(OPTION, (option) => (has(PLACES[option]) ? `“${t(PLACES[option])}”` : option));

/**
 * What is wrong, in the reader's language where the page knows it by its name (`reason`), by its code, or by the member of `case.json`; else as
 * the program says it.
 */
export function sayFault(error, { t, has, number }) {
  const own = inPlaces(error.message, { t, has });
  const { reason, code, place, field, values = {} } = error;
  const [member] = /\w+$/.exec(place ?? "") ?? [];
  if (has(`mend.reason.${reason}`)) {
    const said = t(`mend.reason.${reason}`, values);
    return values.hint === undefined ? said : sentences(said, t(`mend.hint.${values.hint}`, values));
  }
  if (has(`mend.fault.${code}`)) {
    const sizes = Object.entries(values).map(([name, bytes]) => [name, sizeText(bytes, number)]);
    return t(`mend.fault.${code}`, { ...Object.fromEntries(sizes), reason: own, field: field ?? "" });
  }
  // What is no `case.json` at all is told with the place in it.
  return code === "invalid_case" && !place.startsWith("case.json") && has(`mend.wrong.${member}`) ? t(`mend.wrong.${member}`) : own;
}

/** What went wrong. `place` is the file, where it is one's. */
export function Fault({ id, error, place }) {
  const language = useLanguage();
  const text = sayFault(error, language);
  return (
    <p class="failure" id={id} role="alert" dir="auto">
      {place !== undefined && !text.startsWith(place) ? `${place}: ${text}` : text}
    </p>
  );
}
