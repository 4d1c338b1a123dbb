import { useState } from "preact/hooks";
import { useLanguage } from "../../i18n/index.js";
import { featureOf } from "../work/doc.js";
import { keyOf } from "../work/faults.js";
import { Choice, Numeric, Text, Wrong } from "../parts/Field.jsx";
import { work } from "../work/work.js";

/** How many inputs are listed at once: of more, those are found by their name. */
const LISTED = 30;
/** Of how many categories the names can be edited here. */
const MOST_CHOICES = 40;

/** A list of numbers as people write it, and back. */
const numbersIn = (text) => text.split(/[\s;]+/).map(Number).filter((number, index, all) => all.length > 0 && Number.isFinite(number));

/** What is said of one input. */
function Feature({ index, own, doc, said, faults }) {
  const { t, number } = useLanguage();
  const [isOpen, setOpen] = useState(false);
  const { name, categories } = own;
  const entry = featureOf(doc, name);
  const faultOf = (member) => faults.get(keyOf("features", name, member));
  const isWrong = [...faults.keys()].some((key) => key.startsWith(JSON.stringify(["features", name]).slice(0, -1)));
  const at = (member) => ({ fault: faultOf(member), id: `feature-${index}-${member}`, value: entry[member], placeholder: said?.[member], say: (value) => work.sayOf(name, [member], value) });
  const [low, high] = entry.range ?? [];
  // A range has two ends: the other is what it was without anybody's word, or the same.
  const range = (place, value) => {
    const ends = entry.range ?? said?.range ?? [value, value];
    work.sayOf(name, ["range"], value === undefined ? undefined : ends.with(place, value));
  };
  const truth = (member) => (
    <Choice
      id={`feature-${index}-${member}`}
      label={t(`studio.feature.${member}`)}
      value={entry[member] === undefined ? "" : String(entry[member])}
      choices={[["", t("studio.as.it.is")], ["true", t("studio.yes")], ["false", t("studio.no")]]}
      say={(value) => work.sayOf(name, [member], value === undefined ? undefined : value === "true")}
    />
  );
  const seen = said?.range && categories.length === 0 ? t("studio.feature.seen", { low: number(said.range[0]), high: number(said.range[1]) }) : "";
  return (
    <li>
      <details id={`feature-${index}`} open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>
          <span dir="auto">{entry.label ?? said?.label ?? name}</span>
          {isWrong && !isOpen && <span class="failure mark">{t("studio.feature.wrong")}</span>}
          <span class="detail" dir="auto">{[entry.unit ?? said?.unit, seen].filter(Boolean).join(" · ")}</span>
        </summary>
        {isOpen && (
          <div class="fields">
            <p class="help name" dir="auto">{t("studio.feature.name", { name })}</p>
            <Text label={t("studio.feature.label")} {...at("label")} />
            {categories.length === 0 && <Text label={t("studio.unit")} {...at("unit")} />}
            <Text label={t("studio.feature.help")} {...at("help")} />
            <Text label={t("studio.feature.group")} {...at("group")} />
            {categories.length === 0 && (
              <>
                <Numeric id={`feature-${index}-low`} label={t("studio.feature.low")} value={low} placeholder={said?.range?.[0]} say={(value) => range(0, value)} fault={faultOf("range")} />
                <Numeric id={`feature-${index}-high`} label={t("studio.feature.high")} value={high} placeholder={said?.range?.[1]} say={(value) => range(1, value)} fault={faultOf("range")} />
                <Numeric label={t("studio.feature.step")} min={0} {...at("step")} />
                <Text
                  id={`feature-${index}-codes`}
                  label={t("studio.feature.missing_codes")}
                  value={entry.missing_codes?.join(" ")}
                  placeholder={said?.missing_codes?.join(" ")}
                  say={(text) => work.sayOf(name, ["missing_codes"], numbersIn(text))}
                  fault={faultOf("missing_codes")}
                />
                {truth("whole")}
                {truth("switch")}
              </>
            )}
            {truth("may_be_missing")}
            <Wrong fault={["whole", "switch", "may_be_missing", "choices"].map(faultOf).find(Boolean)} />
            {categories.length > 0 && categories.length <= MOST_CHOICES && categories.map((category, place) => (
              <Text
                key={category}
                id={`feature-${index}-choice-${place}`}
                label={t("studio.feature.choice", { name: category })}
                value={entry.choices?.[category]}
                placeholder={category}
                say={(text) => work.sayOf(name, ["choices", category], text)}
              />
            ))}
          </div>
        )}
      </details>
    </li>
  );
}

/** The model's inputs: all of them, or those that are looked for. */
export function Features({ doc, about, said, faults }) {
  const { t, number } = useLanguage();
  const [wanted, setWanted] = useState("");
  const entries = new Map((said.features ?? []).map((entry) => [entry.name, entry]));
  const all = about.features.map((own, index) => ({ own, index, entry: entries.get(own.name) }));
  const isMany = all.length > LISTED;
  const text = wanted.trim().toLowerCase();
  const found = text === "" ? all : all.filter(({ own, entry }) => `${own.name} ${entry?.label ?? ""}`.toLowerCase().includes(text));
  const listed = isMany && text === "" ? found.toSorted((one, other) => other.own.importance - one.own.importance).slice(0, LISTED) : found.slice(0, LISTED);
  return (
    <div class="inputs">
      <h3>{t("studio.inputs")}</h3>
      {isMany && (
        <label class="field">
          <span>{t("studio.inputs.find", { count: all.length })}</span>
          <input id="inputs-find" type="search" value={wanted} onInput={({ target }) => setWanted(target.value)} />
        </label>
      )}
      <ul class="features">
        {listed.map(({ own, index, entry }) => <Feature key={own.name} index={index} own={own} doc={doc} said={entry} faults={faults} />)}
      </ul>
      {listed.length < found.length && <p class="help">{t("studio.inputs.more", { shown: number(listed.length), count: found.length })}</p>}
    </div>
  );
}
