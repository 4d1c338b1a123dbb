import { useEffect, useRef, useState } from "preact/hooks";
import { Wide } from "../app/Wide.jsx";
import { useLanguage } from "../i18n/index.js";
import { Bench } from "./bench.js";
import { Choose, Drop } from "./Drop.jsx";
import { Fault } from "./Fault.jsx";
import { Choice, Numeric } from "./Field.jsx";
import { ROWS_ACCEPTED } from "./Rows.jsx";
import { work } from "./work.js";

/** What trees are grown by, unless it is said otherwise: as `wardian train` has it. */
const USUAL = { trees: 100, depth: 3, shrinkage: 0.1, smallestLeaf: 10 };
const LIMITS = { trees: { min: 1, max: 2000, step: 1 }, depth: { min: 1, max: 12, step: 1 }, shrinkage: { min: 0.001, max: 1, step: "any" }, smallestLeaf: { min: 1, max: 100_000, step: 1 } };
/** How many columns are listed. */
const LISTED = 60;

/** What the file's columns are, and what becomes of each. */
function Columns({ look, label }) {
  const { t, number } = useLanguage();
  return (
    <Wide label={t("train.columns")}>
      <table class="columns">
        <thead>
          <tr>{["column", "kind", "missing", "distinct", "becomes"].map((name) => <th key={name} scope="col">{t(`train.${name}`)}</th>)}</tr>
        </thead>
        <tbody>
          {look.columns.slice(0, LISTED).map((column) => (
            <tr key={column.place}>
              <th scope="row" dir="auto">{column.name}</th>
              <td>{t(`train.kind.${column.kind}`)}</td>
              <td>{number(column.missing)}</td>
              <td>{number(column.distinct)}</td>
              <td dir="auto">{column.name === label ? t("train.use.label") : column.taken ? t("train.use.input") : t("train.use.left", { why: column.whyNot ?? "" })}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
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
  const [options, setOptions] = useState(USUAL);
  const bench = useRef();
  const { file, look, label = "", positive, progress, made, error } = state;

  useEffect(() => () => bench.current?.stop(), []);

  function anew() {
    bench.current?.stop();
    bench.current = new Bench();
    return bench.current;
  }

  async function choose(given) {
    const own = anew();
    setState({ file: given, isLooking: true });
    try {
      const seen = await own.look(given);
      const likely = seen.columns.findLast(({ label: kind }) => kind === "binary") ?? seen.columns.findLast(({ label: kind }) => kind === "number");
      own === bench.current && setState({ file: given, look: seen, label: likely?.name ?? "" });
    } catch (fault) {
      own === bench.current && setState({ file: given, error: fault });
    }
  }

  async function train() {
    const own = bench.current;
    setState({ file, look, label, positive, progress: 0 });
    try {
      const result = await own.train({ label, positive }, options, (share) => own === bench.current && setState((now) => ({ ...now, progress: share })));
      own === bench.current && setState({ file, look, label, positive, made: result });
    } catch (fault) {
      own === bench.current && setState({ file, look, label, positive, error: fault });
    }
  }

  /** Ends the training, and looks at the file again: the worker is another. */
  async function cancel() {
    const own = anew();
    setState({ file, look, label, positive, isLooking: true });
    await own.look(file).catch(() => {});
    own === bench.current && setState({ file, look, label, positive });
  }

  async function use() {
    const model = new File([made.bytes], modelName(file.name));
    const validated = { answers: made.answers, labels: made.labels, source: t("train.source", { folds: made.folds }) };
    close();
    await work.open(model, { rows: { data: { file } }, said: { doc: language === "en" ? {} : { language }, label }, validated });
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
      <Drop choose={choose} id="drop-train" class="small">
        {file && <p class="detail" id="train-name" dir="auto">{file.name}</p>}
        <div class="actions">
          <Choose id="train-file" choose={choose} accept={ROWS_ACCEPTED} isPrimary={look === undefined}>{t(file ? "studio.rows.another" : "train.choose")}</Choose>
        </div>
      </Drop>
      {error !== undefined && <Fault id="train-fault" error={error} place={file?.name} />}
      {look !== undefined && (
        <>
          <p id="train-rows">{t("train.rows", { count: look.rows })}</p>
          <Columns look={look} label={label} />
          {labels.length === 0 ? (
            <p class="failure" id="train-no-label">{t("train.no.label")}</p>
          ) : (
            <div class="fields">
              <Choice id="train-label" label={t("train.label")} value={label} choices={labels.map(({ name, label: kind }) => [name, t(`train.label.${kind}`, { name })])} say={(name) => setState({ file, look, label: name })} />
              {chosen?.label === "binary" && chosen.choices.length === 2 && (
                <Choice
                  id="train-positive"
                  label={t("train.positive")}
                  value={positive ?? chosen.choices[1]}
                  choices={chosen.choices.map((name) => [name, name])}
                  say={(name) => setState({ file, look, label, positive: name })}
                />
              )}
              {Object.entries(LIMITS).map(([name, limits]) => (
                <Numeric key={name} id={`train-${name}`} label={t(`train.${name}`)} value={options[name]} {...limits} say={(value) => setOptions({ ...options, [name]: value ?? USUAL[name] })} />
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
          <p class="help">{t("train.worth.help", { folds: made.folds })}</p>
          <div class="actions"><button type="button" class="primary" id="train-use" onClick={use}>{t("train.use")}</button></div>
        </>
      )}
    </section>
  );
}
