import { useEffect, useRef, useState } from "preact/hooks";
import { Wide } from "../../app/Wide.jsx";
import { useLanguage } from "../../i18n/index.js";
import { Bench } from "../bench/bench.js";
import { Choose, Drop } from "../parts/Drop.jsx";
import { Fault } from "../parts/Fault.jsx";
import { Choice, Numeric } from "../parts/Field.jsx";
import { ROWS_ACCEPTED } from "./Rows.jsx";
import { Sheet } from "./Sheet.jsx";
import { work } from "../work/work.js";

/** What trees are grown by, unless it is said otherwise: as `wardian train` has it. */
const USUAL = { trees: 100, depth: 3, shrinkage: 0.1, smallestLeaf: 10 };
const LIMITS = { trees: { min: 1, max: 2000, step: 1 }, depth: { min: 1, max: 12, step: 1 }, shrinkage: { min: 0.001, max: 1, step: "any" }, smallestLeaf: { min: 1, max: 100_000, step: 1 } };
/** How many columns are listed. */
const LISTED = 200;

/** What a column is, or becomes: of one that is left out why. */
function Becomes({ column, label, without }) {
  const { t, has } = useLanguage();
  if (column.name === label) {
    return t("train.use.label");
  }
  if (without.includes(column.name)) {
    return t("train.use.unticked");
  }
  if (!column.taken) {
    const key = `train.why.${column.kind}`;
    return t("train.use.left", { why: has(key) ? t(key, { count: column.texts, text: column.text }) : (column.whyNot ?? "") });
  }
  return column.zeros > 0 ? t("train.use.zeros", { count: column.zeros }) : t("train.use.input");
}

/** What the file's columns are, and what becomes of each: a tick leaves one out. */
function Columns({ look, label, without, isBusy, say }) {
  const { t, number } = useLanguage();
  const more = look.columns.length - LISTED;
  return (
    <>
      <Wide label={t("train.columns")}>
        <table class="columns">
          <thead>
            <tr>{["column", "kind", "missing", "distinct", "becomes"].map((name) => <th key={name} scope="col">{t(`train.${name}`)}</th>)}</tr>
          </thead>
          <tbody>
            {look.columns.slice(0, LISTED).map((column) => (
              <tr key={column.place}>
                <th scope="row" dir="auto">
                  <label class="tick">
                    <input
                      id={`train-column-${column.place}`}
                      type="checkbox"
                      checked={column.taken && column.name !== label && !without.includes(column.name)}
                      disabled={!column.taken || column.name === label || isBusy}
                      onChange={({ target }) => say(target.checked ? without.filter((name) => name !== column.name) : [...without, column.name])}
                    />
                    <span>{column.name || t("train.kind.unnamed")}</span>
                  </label>
                </th>
                <td>{t(`train.kind.${column.kind}`)}</td>
                <td>{number(column.missing)}</td>
                <td>{number(column.distinct)}</td>
                <td dir="auto"><span><Becomes column={column} label={label} without={without} /></span></td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
      {more > 0 && <p class="help">{t("train.more", { count: more })}</p>}
    </>
  );
}

/** What such a model is worth on rows that it has not seen. */
function Worth({ made }) {
  const { t, number } = useLanguage();
  const short = (value) => number(value, { maximumSignificantDigits: 3 });
  return (
    <Wide label={t("train.worth")}>
      <table class="worth">
        <caption>{t("train.worth")}</caption>
        <thead>
          <tr>{["measure", "mean", "spread", "baseline"].map((name) => <th key={name} scope="col">{t(`train.${name}`)}</th>)}</tr>
        </thead>
        <tbody>
          {Object.entries(made.figures).map(([name, { mean, spread, baseline }]) => (
            <tr key={name}>
              <th scope="row">{t(`train.figure.${name}`)}</th>
              {[mean, spread, baseline].map((value, index) => <td key={index} id={index === 0 ? `worth-${name}` : undefined}>{short(value)}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

/** The name of a model by that of its rows. */
const modelName = (name) => `${name.replace(/\.[^.]*$/, "") || "model"}.wardian`;

/** A model is trained of a table: here, in a worker, with its worth on rows that it has not seen told before it may be used. */
export default function Train({ close }) {
  const { language, t, percent } = useLanguage();
  const [state, setState] = useState({});
  const [options, setOptions] = useState({});
  const bench = useRef();
  const { file, look, label = "", positive, without = [], sheet, sheets, progress, made, error } = state;
  /** What was chosen of this file. */
  const chosenHere = { file, look, label, positive, without, sheet, sheets };

  useEffect(() => () => bench.current?.stop(), []);

  function anew() {
    bench.current?.stop();
    bench.current = new Bench();
    return bench.current;
  }

  const take = (given) => choose(given);

  async function choose(given, named) {
    const own = anew();
    const read = { file: given, sheet: named };
    setState({ ...read, isLooking: true });
    try {
      const seen = await own.look(given, { sheet: named });
      const likely = seen.columns.findLast(({ label: kind }) => kind === "binary") ?? seen.columns.findLast(({ label: kind }) => kind === "number");
      own === bench.current && setState({ ...read, look: seen, label: likely?.name ?? "", sheets: seen.sheets });
    } catch (fault) {
      own === bench.current && setState({ ...read, error: fault.sheets === undefined ? fault : undefined, sheets: fault.sheets });
    }
  }

  async function train() {
    const own = bench.current;
    setState({ ...chosenHere, progress: 0 });
    try {
      const result = await own.train({ label, positive, without }, { ...USUAL, ...options }, (share) => own === bench.current && setState((now) => ({ ...now, progress: share })));
      own === bench.current && setState({ ...chosenHere, made: result });
    } catch (fault) {
      own === bench.current && setState({ ...chosenHere, error: fault });
    }
  }

  /** Ends the training, and looks at the file again: the worker is another. */
  async function cancel() {
    const own = anew();
    setState({ ...chosenHere, isLooking: true });
    await own.look(file, { sheet }).catch(() => {});
    own === bench.current && setState(chosenHere);
  }

  /** A number by which trees are grown; without one what is usual. */
  const grown = (name, value) => setOptions(({ [name]: _, ...others }) => (value === undefined ? others : { ...others, [name]: value }));

  async function use() {
    const model = new File([made.bytes], modelName(file.name));
    const validated = { answers: made.answers, labels: made.labels, source: t("train.source", { folds: made.folds }) };
    close();
    await work.open(model, { rows: { data: { file, ...(sheet !== undefined && { options: { sheet } }) } }, said: { doc: language === "en" ? {} : { language }, label }, validated });
  }

  const labels = look?.columns.filter(({ label: kind }) => kind === "binary" || kind === "number") ?? [];
  const chosen = look?.columns.find(({ name }) => name === label);
  const isBusy = progress !== undefined || state.isLooking;
  return (
    <section class="card train" aria-labelledby="train-title">
      <div class="card-head">
        <h2 id="train-title" tabIndex={-1}>{t("train.title")}</h2>
        <button type="button" class="plain" id="train-close" onClick={close}>{t("train.close")}</button>
      </div>
      <p>{t("train.lede")}</p>
      <Drop choose={take} id="drop-train" class="small">
        {file && <p class="detail" id="train-name" dir="auto">{file.name}</p>}
        <div class="actions">
          <Choose id="train-file" choose={take} accept={ROWS_ACCEPTED} isPrimary={look === undefined}>{t(file ? "studio.rows.another" : "train.choose")}</Choose>
        </div>
      </Drop>
      {sheets?.length > 1 && <Sheet id="train-sheet" sheets={sheets} sheet={sheet} choose={(name) => choose(file, name)} />}
      {error !== undefined && <Fault id="train-fault" error={error} place={file?.name} />}
      {look !== undefined && (
        <>
          <p id="train-rows">{t("train.rows", { count: look.rows })}</p>
          {look.few !== null && <p class="warning" id="train-few">{t(`train.${look.few}`, { count: look.rows })}</p>}
          <Columns look={look} label={label} without={without} isBusy={isBusy} say={(names) => setState({ ...chosenHere, without: names })} />
          {labels.length === 0 ? (
            <p class="failure" id="train-no-label">{t("train.no.label")}</p>
          ) : (
            <div class="fields">
              <Choice id="train-label" label={t("train.label")} value={label} choices={labels.map(({ name, label: kind }) => [name, t(`train.label.${kind}`, { name })])} say={(name) => setState({ ...chosenHere, label: name, positive: undefined })} />
              {chosen?.label === "binary" && chosen.choices.length === 2 && (
                <Choice
                  id="train-positive"
                  label={t("train.positive")}
                  value={positive ?? chosen.choices[1]}
                  choices={chosen.choices.map((name) => [name, name])}
                  say={(name) => setState({ ...chosenHere, positive: name })}
                />
              )}
              {Object.entries(LIMITS).map(([name, limits]) => (
                <Numeric key={name} id={`train-${name}`} label={t(`train.${name}`)} value={options[name]} placeholder={USUAL[name]} {...limits} say={(value) => grown(name, value)} />
              ))}
            </div>
          )}
          <div class="actions">
            <button type="button" class={made ? "" : "primary"} id="train-start" disabled={isBusy || label === ""} onClick={train}>{t("train.start")}</button>
            {progress !== undefined && <button type="button" id="train-cancel" onClick={cancel}>{t("studio.cancel")}</button>}
          </div>
        </>
      )}
      {isBusy && (
        <div role="status" class="opening">
          <p>{progress === undefined ? t("train.looking") : t("train.training", { share: percent(progress) })}</p>
          <progress aria-label={t("train.progress")} value={progress} />
        </div>
      )}
      {made !== undefined && (
        <>
          <Worth made={made} />
          {look.few !== null && <p class="warning">{t(`train.${look.few}`, { count: look.rows })}</p>}
          <p class="help">{t("train.worth.help", { folds: made.folds })}</p>
          <div class="actions"><button type="button" class="primary" id="train-use" onClick={use}>{t("train.use")}</button></div>
        </>
      )}
    </section>
  );
}
