import { useLanguage } from "../i18n/index.js";
import { GREY_ZONE } from "./risk.js";

const at = (share) => ({ left: `${share * 100}%` });
const span = ([low, high]) => ({ left: `${low * 100}%`, width: `${(high - low) * 100}%` });

/** Where a probability lies between 0 and 1: the grey zone, the interval, the mean of the study. */
export function Scale({ prediction, interval, mean }) {
  const { t, percent } = useLanguage();
  return (
    <div class="scale" dir="ltr" aria-hidden="true">
      <div class="track">
        <div class="grey-zone" style={span(GREY_ZONE)} />
        {interval && <div class="interval" style={span([interval.low, interval.high])} />}
        {mean !== undefined && <div class="mean" style={at(mean)} />}
        {prediction !== undefined && <div class="marker" style={at(prediction)} />}
      </div>
      <div class="ticks">
        {[0, ...GREY_ZONE, 1].map((share) => <span key={share} style={at(share)}>{percent(share)}</span>)}
        <span class="zone-name" style={at(0.5)}>{t("person.zone")}</span>
      </div>
    </div>
  );
}
