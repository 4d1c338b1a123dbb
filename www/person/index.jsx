import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { predict } from "wardian/wardian.js";
import { usePage } from "../app/context.js";
import { placesStyle } from "../app/files.js";
import { timed } from "../app/latency.js";
import { Lazy } from "../app/Lazy.jsx";
import { forget, keep, recall } from "../app/storage.js";
import { decimalComma, useLanguage } from "../i18n/index.js";
import { cellsOf } from "./cells.js";
import { emptyEntry, readEntries, soundEntries } from "./entries.js";
import { Form } from "./Form.jsx";
import { Result } from "./Result.jsx";
import { useOnScreen } from "./useOnScreen.js";

const importWhy = () => import("./Why.jsx");
const importCurves = () => import("./Curves.jsx");
const importFoot = () => import("./Foot.jsx");

/** What the fragment holds, if it may be a row's, and the address without it, so that a reload keeps what is typed from then on. */
async function takeFragment(features, comma) {
  if (!/[#&]v=/.test(location.hash)) {
    return undefined;
  }
  const { fromFragment } = await import("./share.js");
  const given = fromFragment(features, location.hash, comma);
  if (given !== undefined) {
    history.replaceState(null, "", location.pathname + location.search);
  }
  return given;
}

/** One row: the form, the answer, and why. */
export default function Person() {
  const { features, kind, page } = usePage();
  const { t } = useLanguage();
  const comma = decimalComma();
  const [entries, setEntries] = useState(() => soundEntries(features, recall("entries")));
  // What a link brought: its notice, and what was here before.
  const [link, setLink] = useState();
  const result = useRef();
  const isInSight = useOnScreen(result);

  const now = useRef(entries);

  function put(changed) {
    keep("entries", changed);
    now.current = changed;
    setEntries(changed);
  }

  useEffect(() => {
    async function followLink() {
      const given = await takeFragment(features, decimalComma());
      if (given === null) {
        setLink({ isRefused: true });
      } else if (given !== undefined) {
        setLink({ before: now.current });
        put(given);
      }
    }
    followLink();
    addEventListener("hashchange", followLink);
    return () => removeEventListener("hashchange", followLink);
  }, []);

  /** Fills in a row of texts, in the model's order and units. */
  function fillIn(texts) {
    const filled = features.map((feature, index) => {
      const text = texts[index] ?? "";
      return [feature.name, { ...emptyEntry(feature), text: comma && feature.categories.length === 0 ? text.replace(".", ",") : text }];
    });
    put(Object.fromEntries(filled));
    setLink(undefined);
  }

  function clear() {
    forget();
    now.current = soundEntries(features, {});
    setEntries(now.current);
    setLink(undefined);
  }

  const reading = useMemo(() => readEntries(features, entries, comma, predict), [features, entries, comma]);
  const isComplete = reading.faulty.length === 0 && reading.needed.length === 0 && reading.hasAny;
  const answer = useMemo(() => (isComplete ? timed("person", () => kind.answerOf(reading.row)) : undefined), [reading]);
  // Of several classes or targets one is looked at.
  const [looked, look] = useState();
  const person = { entries, reading, answer, looked: kind.lookedAt?.(answer, looked) ?? 0, look };

  return (
    <div class="person">
      {link && (
        <p class="notice" role="status">
          {t(link.isRefused ? "person.link.refused" : "person.link.shown")}{" "}
          {link.before && <button type="button" class="plain" onClick={() => { put(link.before); setLink(undefined); }}>{t("person.link.back")}</button>}
        </p>
      )}
      <Form entries={entries} judged={reading.judged} change={(name, entry) => put({ ...entries, [name]: entry })} example={() => fillIn(cellsOf(page.example))} clear={clear} put={fillIn} />
      <div ref={result} class="answer">
        <Result person={person} isInSight={isInSight} />
      </div>
      {isComplete && (
        <>
          <Lazy from={importWhy} sections={["why"]} style={placesStyle} person={person} />
          <Lazy from={importCurves} sections={["why"]} style={placesStyle} person={person} />
          <Lazy from={importFoot} sections={["why"]} style={placesStyle} person={person} />
        </>
      )}
    </div>
  );
}
