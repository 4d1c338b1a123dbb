import { useEffect, useRef, useState } from "preact/hooks";
import { usePage } from "../app/context.js";
import { Lazy } from "../app/Lazy.jsx";
import { about } from "../case/case.js";
import { list, useLanguage } from "../i18n/index.js";
import { labelOf } from "./words.js";

/** Long enough that a screen reader hears the number that was meant, not every digit on the way to it. */
const QUIET_BEFORE_SPEAKING = 700;
/** So many names are listed; of more, how many they are. */
const LISTED = 12;

/** How sure an answer is, where the card says nothing of it. */
const importSure = () => import("../kinds/Sure.jsx");
/** What it could be if what is missing were measured. */
const importUnknown = () => import("./Unknown.jsx");

/** The card is fetched when there is the first answer: its interval follows the answer by a moment. */
function useCard(isWanted) {
  const [card, setCard] = useState();
  useEffect(() => {
    if (isWanted && card === undefined) {
      // What works out an interval comes with what it is of.
      Promise.all([about(), import("wardian/card.js")]).then(([{ card: said }, { interval }]) => setCard({ ...said, intervalOf: (answer) => interval(said, answer) }), () => {});
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

/** The names of some features. */
function names(t, features) {
  const shown = features.slice(0, LISTED).map(labelOf);
  return list(features.length > LISTED ? [...shown, t("person.more", { count: features.length - LISTED })] : shown);
}

/** What is asked of the reader before there is an answer. */
function requestFor(t, { faulty, needed }) {
  if (faulty.length > 0) {
    return t("person.correct", { fields: names(t, faulty) });
  }
  return needed.length > 0 ? t("person.fill", { fields: names(t, needed) }) : t("person.fill.any");
}

function Warnings({ person: { reading }, card }) {
  const { t } = useLanguage();
  const { features } = usePage();
  const { missing, judged } = reading;
  const outside = features.filter((_, index) => ["outside", "unseen"].includes(judged[index].note));
  const usual = card?.warnings?.many_missing?.usual ?? Infinity;
  const notes = [
    outside.length > 0 && t("person.warn.outside", { fields: names(t, outside) }),
    missing.length > usual && t("person.warn.many", { count: missing.length, all: features.length, usual }),
    missing.length > 0 && t("person.warn.missing", { fields: names(t, missing) }),
  ];
  return <ul class="notes" id="notes">{notes.filter(Boolean).map((note) => <li key={note}>{note}</li>)}</ul>;
}

/** The answer, as its kind shows it, and what to know about it. */
export function Result({ person, isInSight }) {
  const { t } = useLanguage();
  const { kind, page } = usePage();
  const { answer, reading } = person;
  const card = useCard(answer !== undefined);
  const heading = useRef();
  const title = page.answer?.label ?? t("person.result");
  if (answer === undefined) {
    return (
      <section class="card result empty" id="result" aria-labelledby="result-title">
        <h2 id="result-title" dir="auto">{title}</h2>
        <p class="headline" id="headline">{requestFor(t, reading)}</p>
        {kind.Empty && <kind.Empty />}
        <Announcement text={requestFor(t, reading)} />
      </section>
    );
  }
  const headline = kind.headline(answer, page);
  const show = () => {
    heading.current.scrollIntoView({ behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    heading.current.focus({ preventScroll: true });
  };
  return (
    <section class="card result" id="result" aria-labelledby="result-title">
      <h2 id="result-title" dir="auto" tabIndex={-1} ref={heading}>{title}</h2>
      <kind.Result person={person} card={card} headline={headline} />
      {card && !card.interval && <Lazy from={importSure} sections={["number"]} answer={answer} />}
      <Warnings person={person} card={card} />
      {reading.missing.length > 0 && <Lazy from={importUnknown} sections={["why"]} person={person} />}
      {!isInSight && (
        <p class="glance" aria-hidden="true">
          <span>{headline}</span>
          <button type="button" tabIndex={-1} onClick={show}>{t("person.show")}</button>
        </p>
      )}
      <Announcement text={kind.spoken(answer, page)} />
    </section>
  );
}
