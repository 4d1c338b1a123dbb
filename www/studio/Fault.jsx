import { useLanguage } from "../i18n/index.js";
import { sizeText } from "./sizes.js";

/** What the program calls by an option is called here as its place on the page is. */
const PLACES = { "--held-out": "studio.heldOut", "--label": "studio.label", "--data": "studio.data", "--predictions": "studio.predictions", "--group": "studio.group" };

/** What the program says, in terms of the page. */
export const inPlaces = (text, t) => text.replace(/--(held-out|label|data|predictions|group)\b/g, (option) => `“${t(PLACES[option])}”`);

/** What went wrong, in the page's words where it has some; what is wrong with a file is said as the program says it. */
export function Fault({ id, error, place }) {
  const { t, has, number } = useLanguage();
  const sizes = Object.fromEntries(Object.entries(error.values ?? {}).map(([name, bytes]) => [name, sizeText(bytes, number)]));
  const key = `studio.fault.${error.code}`;
  const text = has(key) ? t(key, { ...sizes, reason: error.message }) : inPlaces(error.message, t);
  return (
    <p class="failure" id={id} role="alert" dir="auto">
      {place !== undefined && !text.startsWith(place) ? `${place}: ${text}` : text}
    </p>
  );
}
