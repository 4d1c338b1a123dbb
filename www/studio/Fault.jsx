import { useLanguage } from "../i18n/index.js";
import { sizeText } from "./sizes.js";

/** What went wrong, in the page's words where it has some; what is wrong with a file is said as the program says it. */
export function Fault({ id, error, place }) {
  const { t, has, number } = useLanguage();
  const sizes = Object.fromEntries(Object.entries(error.values ?? {}).map(([name, bytes]) => [name, sizeText(bytes, number)]));
  const key = `studio.fault.${error.code}`;
  const text = has(key) ? t(key, { ...sizes, reason: error.message }) : error.message;
  return (
    <p class="failure" id={id} role="alert" dir="auto">
      {place !== undefined && !text.startsWith(place) ? `${place}: ${text}` : text}
    </p>
  );
}
