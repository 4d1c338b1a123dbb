import { looksLikeAPlan, optionsOf } from "wardian/rows.js";
import { useEffect, useRef, useState } from "preact/hooks";
import { usePage } from "../app/context.js";
import { useLanguage } from "../i18n/index.js";
import { Columns } from "./Columns.jsx";
import { Drop } from "./Drop.jsx";
import { forgetText, planFile, scoreFile } from "./job.js";
import { Outcome } from "./Outcome.jsx";
import { Progress } from "./Progress.jsx";
import { Sheets } from "./Sheets.jsx";

/** Progress is drawn so often and no oftener, however fast the blocks come. */
const DRAWN_EVERY_MS = 100;

/** A file of this size is no plan. */
const LARGEST_PLAN = 4_194_304;

/** The text of a plan that was kept, if a file is one. */
async function planIn(file) {
  const text = /\.json$/i.test(file.name) && file.size <= LARGEST_PLAN ? await file.text() : "";
  return looksLikeAPlan(text) ? text : undefined;
}

/** A file of rows: chosen, looked at, scored, and given back with its answers. */
export default function Rows() {
  const { t, has } = useLanguage();
  const page = usePage();
  const { features } = page.description;
  const [state, setState] = useState({ stage: "empty" });
  const job = useRef();
  useEffect(() => () => job.current?.abort(), []);

  /** The job's own changes; what another has taken the place of is heard no more. */
  function start() {
    job.current?.abort();
    const controller = new AbortController();
    job.current = controller;
    const change = (next) => job.current === controller && setState(next);
    return { signal: controller.signal, change };
  }

  /**
   * Looks at a file, a workbook's `sheet`. Where it has been looked at already, what is shown stays until what `options` make of it is
   * there.
   */
  async function look(file, { options = {}, sheet, sheets, kept = { stage: "inspecting", file } } = {}) {
    const { change } = start();
    setState(kept);
    try {
      const planned = await planFile(file, features, options, sheet);
      // What is corrected from now on is corrected in the plan.
      const own = options.plan === undefined ? options : optionsOf(planned.plan, features);
      change(({ reasons = false }) => ({ stage: "ready", file, planned, options: own, sheet, sheets: planned.sheets, reasons }));
    } catch (error) {
      if (error.sheets !== undefined) {
        change({ stage: "asking", file, options, sheets: error.sheets });
        return;
      }
      change({ stage: "refused", file, error: options.plan !== undefined && error.code !== undefined ? Object.assign(error, { code: "plan" }) : error, sheet, sheets });
    }
  }

  /** A file, and perhaps a plan that was kept: for this file, the one that is there, or the next. */
  async function choose(files) {
    const plans = await Promise.all(files.map(planIn));
    const plan = plans.find((text) => text !== undefined);
    const file = files.find((_, place) => plans[place] === undefined) ?? state.file;
    const waiting = plan ?? state.waiting;
    if (file === undefined) {
      setState({ stage: "empty", waiting });
      return;
    }
    const { sheet, sheets } = file === state.file ? state : {};
    look(file, { options: waiting === undefined ? {} : { plan: waiting }, sheet, sheets });
  }

  const chooseSheet = (sheet) => look(state.file, { options: state.options?.plan === undefined ? {} : state.options, sheet, sheets: state.sheets });

  async function score() {
    const { signal, change } = start();
    const started = performance.now();
    const seconds = () => (performance.now() - started) / 1000;
    let drawn = 0;
    setState({ ...state, stage: "scoring", bytes: 0, count: 0, seconds: 0 });
    const onProgress = (bytes, { count, errorCount }) => {
      if (performance.now() - drawn > DRAWN_EVERY_MS) {
        drawn = performance.now();
        change((now) => ({ ...now, bytes, count, errorCount, seconds: seconds() }));
      }
    };
    try {
      const totals = await scoreFile(state, page, { signal, onProgress });
      change((now) => ({ ...now, stage: "done", totals, seconds: seconds() }));
    } catch (error) {
      change((now) => (signal.aborted ? { ...now, stage: "ready", cancelled: true } : { ...now, stage: "refused", error }));
    }
  }

  const cancel = () => job.current.abort();
  const forget = () => {
    start();
    forgetText();
    setState({ stage: "empty" });
  };
  const { stage, error } = state;
  // What browsers say of a file that is another one by now.
  const code = error?.name === "NotReadableError" ? "changed" : error?.code;
  const reason = error && (has(`rows.refused.${code}`) ? t(`rows.refused.${code}`, { ...error.values, reason: error.message }) : t("rows.refused.other", { reason: error.message }));
  return (
    <div class="rows">
      <Drop choose={choose} file={state.file} />
      {stage === "inspecting" && <p class="help">{t("rows.inspecting")}</p>}
      {stage === "empty" && state.waiting !== undefined && <p class="help" id="rows-waiting">{t("rows.plan.waiting")}</p>}
      {["asking", "refused"].includes(stage) && state.sheets?.length > 1 && (
        <section class="card">
          {stage === "asking" && <p class="message" id="rows-asked">{t("rows.sheet.asked", { count: state.sheets.length })}</p>}
          <Sheets sheets={state.sheets} sheet={state.sheet} choose={chooseSheet} />
        </section>
      )}
      {stage === "refused" && <p class="failure" role="alert">{reason}</p>}
      {stage === "refused" && error.code === "plan" && (
        <p><button type="button" id="rows-without-plan" onClick={() => look(state.file, { sheet: state.sheet, sheets: state.sheets })}>{t("rows.plan.without")}</button></p>
      )}
      {stage === "ready" && (
        <Columns
          state={state}
          say={(options) => look(state.file, { options, sheet: state.sheet, sheets: state.sheets, kept: { ...state, options, cancelled: false, isPlanning: true } })}
          chooseSheet={chooseSheet}
          choose={choose}
          setReasons={(reasons) => setState({ ...state, cancelled: false, reasons })}
          score={score}
        />
      )}
      {stage === "scoring" && <Progress {...state} cancel={cancel} />}
      {stage === "done" && <Outcome {...state} again={() => setState(({ file, planned, options, sheet, sheets, reasons }) => ({ stage: "ready", file, planned, options, sheet, sheets, reasons }))} forget={forget} />}
      <p class="visually-hidden" role="status">
        {stage === "done" && t("rows.said.done", { count: state.totals.count, errors: state.totals.errorCount })}
        {stage === "ready" && (state.cancelled ? t("rows.cancelled") : t("rows.said.ready"))}
        {stage === "asking" && t("rows.sheet.asked", { count: state.sheets.length })}
        {stage === "scoring" && t("rows.said.scoring")}
      </p>
    </div>
  );
}
