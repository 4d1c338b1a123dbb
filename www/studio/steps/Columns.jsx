import { useState } from "preact/hooks";
import { useLanguage } from "../../i18n/index.js";
import { inPlaces } from "../parts/Fault.jsx";
import { Choice } from "../parts/Field.jsx";
import { work } from "../work/work.js";

/** How many inputs are matched here; more by the command line. */
const LISTED = 60;
/** What is said of an input that no column has. */
const NOWHERE = "none";
/** Doubts that a match of columns settles. */
const OF_COLUMNS = ["absent", "by_order", "two_columns", "one_column"];

/** What the program takes for a column: its name, if no other has it and it reads as one; else its number. */
function spelt(names, place) {
  const name = names[place];
  const isOne = name.trim() !== "" && !/^#|=/.test(name) && names.filter((other) => other.trim() === name.trim()).length === 1;
  return isOne ? name : `#${place + 1}`;
}

/** Which columns those inputs are that were found in none. */
function Match({ which, absent, names, free, say }) {
  const { t, number } = useLanguage();
  const [chosen, setChosen] = useState({});
  const listed = absent.slice(0, LISTED);
  const valueOf = ({ feature, proposed }) => chosen[feature] ?? (proposed === null ? "" : String(proposed));
  const settled = listed.filter((each) => valueOf(each) !== "");
  const columns = settled.map((each) => [each.feature, valueOf(each) === NOWHERE ? "" : spelt(names, Number(valueOf(each)))]);
  const choices = [["", t("mend.match.choose")], ...free.map((place) => [String(place), names[place].trim() || t("mend.match.number", { place: number(place + 1) })]), [NOWHERE, t("mend.match.none")]];
  return (
    <fieldset class="match" id={`${which}-match`}>
      <legend>{t("mend.match")}</legend>
      <p class="help">{t(listed.some(({ proposed }) => proposed !== null) ? "mend.match.proposed" : "mend.match.help")}</p>
      <div class="fields">
        {listed.map((each, index) => (
          <Choice key={each.feature} id={`${which}-match-${index}`} label={each.feature} value={valueOf(each)} choices={choices} say={(value = "") => setChosen({ ...chosen, [each.feature]: value })} />
        ))}
      </div>
      {absent.length > LISTED && <p class="help">{t("mend.match.more", { count: absent.length - LISTED })}</p>}
      <div class="actions"><button type="button" class="primary" id={`${which}-match-take`} disabled={settled.length === 0} onClick={() => say(columns)}>{t("mend.match.take")}</button></div>
    </fieldset>
  );
}

/** How a file's columns are read: what is doubtful, and what decides it; and what somebody has decided. */
export default function Columns({ which, given: { file, options = {} }, read: { names, free, absent: missing, doubts: all }, doubts }) {
  const { t, has } = useLanguage();
  const again = (changes) => work.give(which, file, { ...options, ...changes });
  const codes = [...new Set(all.map(({ code }) => code))];
  const matched = options.columns ?? [];
  // Those that are said to be in no column are settled.
  const absent = missing.filter(({ feature }) => !matched.some(([name]) => name === feature));
  const isUnmatched = absent.length > 0 && codes.some((code) => OF_COLUMNS.includes(code));
  return (
    <>
      {doubts.length > 0 && (
        <div class="failure" id={`${which}-doubts`} role="alert">
          {codes.map((code) => {
            const values = { file: file.name, names: absent.slice(0, LISTED).map(({ feature }) => feature).join(", "), count: names.length };
            return <p key={code} dir="auto">{has(`mend.doubt.${code}`) ? t(`mend.doubt.${code}`, values) : inPlaces(all.find((doubt) => doubt.code === code).message, { t, has })}</p>;
          })}
        </div>
      )}
      {(codes.includes("header") || options.header !== undefined) && (
        <Choice
          id={`${which}-header`}
          label={t("mend.header")}
          value={options.header === undefined ? "" : String(options.header)}
          choices={[["", t("mend.column.say")], ["true", t("studio.yes")], ["false", t("studio.no")]]}
          say={(value) => again({ header: value === undefined ? undefined : value === "true" })}
        />
      )}
      {(codes.includes("decimal") || options.decimal !== undefined) && (
        <Choice id={`${which}-decimal`} label={t("mend.decimal")} value={options.decimal ?? ""} choices={[["", t("mend.column.say")], [".", "1.5"], [",", "1,5"]]} say={(decimal) => again({ decimal })} />
      )}
      {isUnmatched && <Match which={which} absent={absent} names={names} free={free} say={(columns) => again({ columns: [...matched, ...columns] })} />}
      {matched.length > 0 && (
        <p class="help" id={`${which}-matched`}>
          {t("mend.matched", { names: matched.map(([feature, column]) => `${feature} = ${column || "–"}`).join(", ") })}{" "}
          <button type="button" id={`${which}-match-forget`} onClick={() => again({ columns: [] })}>{t("mend.match.forget")}</button>
        </p>
      )}
    </>
  );
}
