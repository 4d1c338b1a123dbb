/** The form of a model with many inputs, in groups, or with choices: fetched where there are such. */
import { useEffect, useState } from "preact/hooks";
import { usePage } from "../app/context.js";
import { placesStyle } from "../app/files.js";
import { useLanguage } from "../i18n/index.js";
import { Field, isChosen } from "../person/Field.jsx";
import { MANY, idOf } from "../person/Form.jsx";
import { labelOf } from "../person/words.js";
import { Choice } from "./Choice.jsx";
import { Paste } from "./Paste.jsx";

/** So many fields are drawn at once: a page of ten thousand would take seconds. */
const DRAWN = 60;
/** So many are what matters most. */
const MOST = 12;

/** The features that a search finds, by name, label or group; all of them where nothing is searched. */
function foundBy(search, features) {
  const words = search.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const text = ({ name, label, group = "" }) => `${name} ${label} ${group}`.toLocaleLowerCase();
  return words.length === 0 ? features : features.filter((feature) => words.every((word) => text(feature).includes(word)));
}

/** Features by the heading that they share, in the order of each heading's first; without one last, if there are any with. */
function grouped(features) {
  const groups = new Map();
  for (const feature of features) {
    const { group = "" } = feature;
    groups.set(group, [...(groups.get(group) ?? []), feature]);
  }
  const without = groups.get("");
  groups.delete("");
  return [...groups, ...(without ? [["", without]] : [])];
}

function Fields({ features, places, entries, judged, change, isOneOfMany }) {
  return features.map((feature) => {
    const props = { feature, id: idOf(feature), entry: entries[feature.name], judged: judged[places.get(feature)], change, isOneOfMany };
    return isChosen(feature) ? <Choice key={feature.name} {...props} /> : <Field key={feature.name} {...props} />;
  });
}

export default function Inputs({ entries, judged, change, put }) {
  const { t } = useLanguage();
  const { features } = usePage();
  const isMany = features.length > MANY;
  const important = features.filter(({ importance }) => importance > 0).sort((one, other) => other.importance - one.importance).slice(0, MOST);
  const [search, setSearch] = useState("");
  const [isMost, setIsMost] = useState(isMany && important.length > 0);
  const [drawn, setDrawn] = useState(DRAWN);
  useEffect(() => void placesStyle(), []);
  const places = new Map(features.map((feature, index) => [feature, index]));
  const isAsked = search.trim() !== "";
  const chosen = isMost && !isAsked ? important : foundBy(search, features);
  const shown = chosen.slice(0, drawn);
  const groups = grouped(shown);
  const fields = { places, entries, judged, change, isOneOfMany: isMany };
  const isFilled = (feature) => entries[feature.name].text !== "";
  return (
    <div class="inputs">
      {isMany && (
        <div class="inputs-tools">
          <label class="inputs-search">
            <span class="visually-hidden">{t("inputs.search")}</span>
            <input type="search" id="inputs-search" value={search} placeholder={t("inputs.search")} spellcheck={false} onInput={({ target }) => { setSearch(target.value); setDrawn(DRAWN); }} />
          </label>
          {important.length > 0 && (
            <label class="check"><input type="checkbox" id="inputs-most" checked={isMost} onChange={({ target }) => setIsMost(target.checked)} /> {t("inputs.most")}</label>
          )}
          <p class="help" role="status">{isAsked ? t("inputs.found", { count: chosen.length }) : t("inputs.filled", { count: features.filter(isFilled).length, all: features.length })}</p>
        </div>
      )}
      <Paste features={features} put={put} />
      {groups.length === 1 && groups[0][0] === "" ? <Fields features={shown} {...fields} /> : groups.map(([name, members], place) => (
        <details key={name} class="inputs-group" open={place < 3 || isAsked || members.some(isFilled) || features.length <= MANY}>
          <summary dir="auto"><bdi>{name || t("inputs.other")}</bdi> <span class="value">{t("inputs.filled", { count: members.filter(isFilled).length, all: members.length })}</span></summary>
          <Fields features={members} {...fields} />
        </details>
      ))}
      {chosen.length > shown.length && <p><button type="button" onClick={() => setDrawn(drawn + DRAWN)}>{t("inputs.more", { count: chosen.length - shown.length })}</button></p>}
      {isMost && !isAsked && <p><button type="button" class="plain" id="inputs-all" onClick={() => setIsMost(false)}>{t("inputs.all", { count: features.length })}</button></p>}
    </div>
  );
}
