import { Scale } from "../person/Scale.jsx";
import { boundsOf, shadesOf } from "../person/zones.js";
import { t } from "../i18n/index.js";
import { measured } from "./measure.js";

/** Where a number lies among the training rows': between the least and the most, the middle half shaded. */
export function Among({ measure, value, zones, isOfAnswers }) {
  const { range, quartiles, mean } = measure ?? {};
  if (range === undefined || !(range[0] < range[1])) {
    return null;
  }
  const [low, high] = [Math.min(range[0], value), Math.max(range[1], value)];
  const place = (each) => (each - low) / (high - low);
  const bounds = boundsOf(zones).filter((bound) => bound > low && bound < high);
  // Near an end its name would stand in the way of the number there; the sentence below says where the value lies.
  const hasRoom = quartiles && Math.abs(place((quartiles[0] + quartiles[2]) / 2) - 0.5) < 0.25;
  const shades = bounds.length > 0 ? shadesOf(zones, low, high) : quartiles ? [{ name: hasRoom ? t("number.middle") : "", low: quartiles[0], high: quartiles[2] }] : [];
  const ticks = bounds.length > 0 ? [low, ...bounds, high] : quartiles ? [low, quartiles[0], quartiles[2], high] : [low, high];
  const which = quartiles === undefined ? undefined : value < quartiles[0] ? "first" : value < quartiles[1] ? "second" : value <= quartiles[2] ? "third" : "fourth";
  // Ticks that would stand in each other's way.
  const isNamed = (at) => shades.some((shade) => Math.abs(place((shade.low + shade.high) / 2) - at) < 0.2);
  const apart = ticks.filter((tick, index) => index === 0 || index === ticks.length - 1 || (place(tick) > 0.12 && place(tick) < 0.88 && !isNamed(place(tick))));
  return (
    <>
      <Scale value={value} mean={mean} shades={shades} ticks={apart} place={place} write={(each) => measured({ ...measure, unit: "" }, each)} />
      {which && <p class="help" id="context">{t(`number.among.${which}`)} {t(isOfAnswers ? "number.of.answers" : "number.of.rows")}</p>}
    </>
  );
}
