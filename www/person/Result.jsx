import { useEffect, useRef, useState } from "preact/hooks";
import { interval as intervalOf } from "wardian/card.js";
import { usePage } from "../app/context.js";
import { list, sentences, useLanguage } from "../i18n/index.js";
import { IconArray } from "./IconArray.jsx";
import { frequency, zone } from "./risk.js";
import { Scale } from "./Scale.jsx";
import { labelOf } from "./words.js";

/** Long enough that a screen reader hears the number that was meant, not every digit on the way to it. */
const QUIET_BEFORE_SPEAKING = 700;

/** The card is fetched when there is the first answer: its interval follows the answer by a moment. */
function useCard(isWanted) {
  const [card, setCard] = useState();
  useEffect(() => {
    if (isWanted && card === undefined) {
      import("../card/card.js").then((module) => setCard(module.card), () => {});
    }
  }, [isWanted]);
  return card;
}

/** Says a text once it has not changed for a while. */
function Announcement({ text }) {
  const [said, say] = useState("");
  useEffect(() => {
    const pause = setTimeout(() => say(text), QUIET_BEFORE_SPEAKING);
    return () => clearTimeout(pause);
  }, [text]);
  return <p class="visually-hidden" role="status" id="announcement">{said}</p>;
}

/** What is asked of the reader before there is an answer. */
function requestFor(t, { faulty, needed }) {
  return faulty.length > 0
    ? t("person.correct", { fields: list(faulty.map(labelOf)) })
    : t("person.fill", { fields: list(needed.map(labelOf)) });
}

function Warnings({ person: { reading }, card }) {
  const { t } = useLanguage();
  const { description: { features } } = usePage();
  const { missing, judged } = reading;
  const outside = features.filter((_, index) => judged[index].note === "outside");
  const usual = card?.warnings.many_missing.usual ?? Infinity;
  const notes = [
    outside.length > 0 && t("person.warn.outside", { fields: list(outside.map(labelOf)) }),
    missing.length > usual && t("person.warn.many", { count: missing.length, all: features.length, usual }),
    missing.length > 0 && t("person.warn.missing", { fields: list(missing.map(labelOf)) }),
  ];
  return <ul class="notes" id="notes">{notes.filter(Boolean).map((note) => <li key={note}>{note}</li>)}</ul>;
}

/** The answer: a frequency, a hundred figures, the probability and its interval, the grey zone, what to know about it. */
export function Result({ person, isInSight }) {
  const { t, number, percent } = useLanguage();
  const { prediction, reading } = person;
  const card = useCard(prediction !== undefined);
  const heading = useRef();
  if (prediction === undefined) {
    return (
      <section class="card result empty" id="result" aria-labelledby="result-title">
        <h2 id="result-title">{t("person.result")}</h2>
        <p class="headline" id="headline">{requestFor(t, reading)}</p>
        <IconArray count={0} label={t("person.icons.none")} />
        <Announcement text={requestFor(t, reading)} />
      </section>
    );
  }
  const { kind, count, shown } = frequency(prediction);
  const headline = t(`person.headline.${kind}`, { count });
  const framing = t("person.framing", { yes: shown, no: 100 - shown });
  const interval = card && intervalOf(card, prediction);
  const mean = card && card.data.positive / card.data.rows;
  const place = zone(prediction);
  const show = () => {
    heading.current.scrollIntoView({ behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    heading.current.focus({ preventScroll: true });
  };
  return (
    <section class="card result" id="result" aria-labelledby="result-title">
      <h2 id="result-title" tabIndex={-1} ref={heading}>{t("person.result")}</h2>
      <div class="figures">
        <div class="words">
          <p class="headline" id="headline">{headline}</p>
          <p class="framing" id="framing">{framing}</p>
          <p class="detail" id="detail">
            {t("person.probability", { value: number(prediction, { minimumFractionDigits: 3, maximumFractionDigits: 3 }) })}
            {interval && <> · <span id="interval">{t("person.interval", { level: percent(interval.level), low: percent(interval.low), high: percent(interval.high) })}</span></>}
          </p>
        </div>
        <IconArray count={shown} label={framing} />
      </div>
      <Scale prediction={prediction} interval={interval} mean={mean} />
      <p class={`zone ${place}`} id="zone">{t(`person.zone.${place}`)}</p>
      {card && <p class="help" id="context">{sentences(t("person.context", { mean: Math.round(mean * 100) }), t("person.caution"))}</p>}
      <Warnings person={person} card={card} />
      {!isInSight && (
        <p class="glance" aria-hidden="true">
          <span>{headline}</span>
          <button type="button" tabIndex={-1} onClick={show}>{t("person.show")}</button>
        </p>
      )}
      <Announcement text={`${headline}. ${framing}`} />
    </section>
  );
}
