import { useLanguage } from "../../i18n/index.js";
import { Choose, Drop } from "../parts/Drop.jsx";
import { EXAMPLES, exampleFile } from "../work/examples.js";
import { Fault } from "../parts/Fault.jsx";
import { Choice } from "../parts/Field.jsx";
import { sizeText } from "../parts/sizes.js";
import { useWork } from "../work/useWork.js";
import { work } from "../work/work.js";

/** How many inputs the picture has: those that matter most. */
const SHOWN = 12;

async function openExample({ model, rows, label, said }) {
  const [file, data] = await Promise.all([exampleFile(model), rows && exampleFile(rows)]);
  await work.open(file, { rows: data && { data: { file: data } }, said: { doc: said ?? {}, label: label ?? "" } });
}

/** The inputs by how much the trees make of them. */
function Picture({ features, explained }) {
  const { t } = useLanguage();
  const shown = features.toSorted((one, other) => other.importance - one.importance).slice(0, SHOWN);
  return (
    <div class="picture">
      <h3>{t("studio.picture")}</h3>
      <ol>
        {shown.map(({ name, importance, splits }) => (
          <li key={name}>
            <span class="name" dir="auto">{name}</span>
            <span class="track" aria-hidden="true"><span style={{ inlineSize: `${importance * 100}%` }} /></span>
            <span class="detail">{t("studio.splits", { count: splits })}</span>
          </li>
        ))}
      </ol>
      {features.length > SHOWN && <p class="help">{t("studio.picture.more", { count: features.length - SHOWN })}</p>}
      <p class="help" id="picture-help">{t(explained ? "studio.picture.help" : "studio.picture.help.splits")}</p>
    </div>
  );
}

/** Which of two readings of its categories a file has: asked for where the file does not say, and from then on to be changed. */
function CategoriesFrom({ file, options = {}, readings = {} }) {
  const { t } = useLanguage();
  const said = (name, text) => (readings[name] === undefined ? text : `${text}: ${readings[name]}, …`);
  const choices = [["pandas", said("pandas", "pandas")], ["arrow", said("arrow", t("mend.categories.arrow"))]];
  const { categoriesFrom = "" } = options;
  return (
    <Choice
      id="categories-from"
      label={t("mend.categories")}
      value={categoriesFrom}
      choices={categoriesFrom === "" ? [["", t("mend.column.say")], ...choices] : choices}
      say={(from) => from !== undefined && work.open(file, { options: { ...options, categoriesFrom: from } })}
    />
  );
}

function About({ about }) {
  const { t, number } = useLanguage();
  const facts = {
    trainer: about.trainer || t("studio.fact.unknown"),
    kind: t(`studio.kind.${about.kind}`),
    trees: number(about.trees),
    depth: number(about.depth),
    inputs: number(about.features.length),
    file: `${about.file.format}, ${sizeText(about.file.bytes, number)}`,
  };
  return (
    <>
      <dl class="facts">
        {Object.entries(facts).map(([name, text]) => (
          <div key={name}>
            <dt>{t(`studio.fact.${name}`)}</dt>
            <dd id={`fact-${name}`}>{text}</dd>
          </div>
        ))}
      </dl>
      <Picture features={about.features} explained={about.explained} />
      {!about.explained && <p class="help">{t("studio.unexplained")}</p>}
      {about.file.globals.length > 0 && (
        <details class="help">
          <summary>{t("studio.pickle")}</summary>
          <p id="globals">{t("studio.globals", { names: about.file.globals.join(", ") })}</p>
        </details>
      )}
      {about.notes.length > 0 && <ul class="help notes">{about.notes.map((note) => <li key={note} dir="auto">{note}</li>)}</ul>}
    </>
  );
}

export function Model() {
  const { language, t, number, percent } = useLanguage();
  const { phase, opening, failure, about, file, options } = useWork();
  const choose = (file) => work.open(file);
  return (
    <section class="card" aria-labelledby="model-title">
      <h2 id="model-title">{t("studio.model")}</h2>
      <Drop choose={choose} id="drop-model" class={phase === "open" ? "small" : ""}>
        {about !== undefined && opening === undefined ? (
          <p class="detail" id="model-name" dir="auto">{about.file.name}</p>
        ) : (
          <p>{t("studio.model.drop")}</p>
        )}
        <div class="actions">
          <Choose id="model-file" choose={choose} isPrimary={phase !== "open"}>{t(phase === "open" ? "studio.model.another" : "studio.model.choose")}</Choose>
          {phase !== "open" && EXAMPLES.map((example) => (
            <button key={example.model} type="button" id={`example-${example.name}`} onClick={() => openExample(example)}>
              {t("studio.example", { title: example.titles[language] ?? example.said.title })}
            </button>
          ))}
        </div>
        {phase !== "open" && <p class="help">{t("studio.model.forms")}</p>}
      </Drop>
      {opening !== undefined && (
        <div class="opening" role="status">
          <p dir="auto">{t(opening.progress < 1 ? "studio.reading" : "studio.trees", { name: opening.name, share: percent(opening.progress) })}</p>
          <progress aria-label={t("studio.progress")} value={opening.progress < 1 ? opening.progress : undefined} />
          <button type="button" id="cancel" onClick={() => work.cancel()}>{t("studio.cancel")}</button>
        </div>
      )}
      {failure !== undefined && <Fault id="model-fault" error={failure.error} place={failure.file.name} />}
      {failure?.error.reason === "categories_from" && <CategoriesFrom key={failure.file.name} file={failure.file} readings={failure.error.values} />}
      {failure === undefined && opening === undefined && options?.categoriesFrom !== undefined && <CategoriesFrom file={file} options={options} />}
      {about !== undefined && opening === undefined && <About about={about} />}
    </section>
  );
}
