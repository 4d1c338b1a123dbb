import { useEffect, useRef, useState } from "preact/hooks";
import { usePage } from "../app/context.js";
import { useLanguage } from "../i18n/index.js";
import { Columns } from "./Columns.jsx";
import { Drop } from "./Drop.jsx";
import { planFile, scoreFile } from "./job.js";
import { Outcome } from "./Outcome.jsx";
import { Progress } from "./Progress.jsx";

/** Progress is drawn so often and no oftener, however fast the blocks come. */
const DRAWN_EVERY_MS = 100;

/** A file of rows: chosen, looked at, scored, and given back with its answers. */
export default function Rows() {
  const { t, has } = useLanguage();
  const { description: { features } } = usePage();
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

  /** Looks at a file. Where it has been looked at already, what is shown stays until what `options` make of it is there. */
  async function look(file, options, kept = { stage: "inspecting", file }) {
    const { change } = start();
    setState(kept);
    try {
      const planned = await planFile(file, features, options);
      change(({ reasons = false }) => ({ stage: "ready", file, planned, options, reasons }));
    } catch (error) {
      change({ stage: "refused", file, error });
    }
  }

  const choose = (file) => look(file, {});

  async function score() {
    const { signal, change } = start();
    const { file } = state;
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
      const totals = await scoreFile(file, { ...state, features }, { signal, onProgress });
      change((now) => ({ ...now, stage: "done", totals, seconds: seconds() }));
    } catch (error) {
      change((now) => (signal.aborted ? { ...now, stage: "ready", cancelled: true } : { ...now, stage: "refused", error }));
    }
  }

  const cancel = () => job.current.abort();
  const forget = () => {
    start();
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
      {stage === "refused" && <p class="failure" role="alert">{reason}</p>}
      {stage === "ready" && (
        <Columns
          state={state}
          say={(options) => look(state.file, options, { ...state, options, cancelled: false, isPlanning: true })}
          setReasons={(reasons) => setState({ ...state, cancelled: false, reasons })}
          score={score}
        />
      )}
      {stage === "scoring" && <Progress {...state} cancel={cancel} />}
      {stage === "done" && <Outcome {...state} again={() => setState({ stage: "ready", file: state.file, planned: state.planned, options: state.options, reasons: state.reasons })} forget={forget} />}
      <p class="visually-hidden" role="status">
        {stage === "done" && t("rows.said.done", { count: state.totals.count, errors: state.totals.errorCount })}
        {stage === "ready" && (state.cancelled ? t("rows.cancelled") : t("rows.said.ready"))}
        {stage === "scoring" && t("rows.said.scoring")}
      </p>
    </div>
  );
}
