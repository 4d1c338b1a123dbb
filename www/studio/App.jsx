import { useEffect, useState } from "preact/hooks";
import { Lazy } from "../app/Lazy.jsx";
import { Settings } from "../app/Settings.jsx";
import { useLanguage } from "../i18n/index.js";
import icon from "../icon.svg";
import { Beside } from "./parts/Drop.jsx";
import { Model } from "./steps/Model.jsx";
import { Preview } from "./Preview.jsx";
import { Rows } from "./steps/Rows.jsx";
import { Service } from "./Service.jsx";
import { TakeAway } from "./steps/TakeAway.jsx";
import { useWork } from "./work/useWork.js";
import { Words } from "./steps/Words.jsx";
import { work } from "./work/work.js";

/** Whether a key is meant for a text that is being typed: that has an undo of its own. */
const isInText = ({ target }) => target.matches?.("textarea, input:not([type='checkbox'], [type='color'], [type='file'])");

function onKey(event) {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || isInText(event)) {
    return;
  }
  const key = event.key.toLowerCase();
  if (key === "z" || key === "y") {
    event.preventDefault();
    key === "y" || event.shiftKey ? work.redo() : work.undo();
  }
}

/** The studio: a model, its rows, its words; a preview; and what is taken away. */
export function App({ lacks }) {
  const { t, list } = useLanguage();
  const { phase, opened, keeps, tabs, past, future } = useWork();
  const [isSure, setSure] = useState(false);
  const [isTraining, setTraining] = useState(false);
  const isOpen = phase === "open";

  useEffect(() => {
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);

  function reset() {
    setSure(false);
    work.reset();
  }

  return (
    <>
      <a class="skip" href="#main">{t("app.skip")}</a>
      <header class="masthead">
        <div class="topline">
          <p class="brand"><img src={icon} alt="" width="24" height="24" /> Wardian</p>
          <Settings />
        </div>
        <h1>{t("studio.heading")}</h1>
        <p class="lede">{t("studio.lede")}</p>
      </header>
      <main id="main" tabIndex={-1} class={isOpen ? "studio open" : "studio"}>
        {lacks.length > 0 ? (
          <p class="failure" id="lacking" role="alert">{t("studio.lacking", { what: list(lacks) })}</p>
        ) : (
          <>
            {isOpen && (
              <div class="bar actions" role="group" aria-label={t("studio.bar")}>
                <button type="button" id="undo" disabled={past.length === 0} onClick={() => work.undo()}>{t("studio.undo")}</button>
                <button type="button" id="redo" disabled={future.length === 0} onClick={() => work.redo()}>{t("studio.redo")}</button>
                {isSure ? (
                  <>
                    <span id="reset-question">{t("studio.reset.sure")}</span>
                    <button type="button" id="reset-yes" aria-describedby="reset-question" onClick={reset}>{t("studio.reset.yes")}</button>
                    <button type="button" id="reset-no" onClick={() => setSure(false)}>{t("studio.reset.no")}</button>
                  </>
                ) : (
                  <button type="button" class="plain" id="reset" onClick={() => setSure(true)}>{t("studio.reset")}</button>
                )}
                <a class="button primary" id="to-take" href="#take">{t("studio.take")}</a>
              </div>
            )}
            {isOpen && (
              <nav class="jumps narrow" aria-label={t("studio.jumps")}>
                <a id="to-words" href="#words">{t("studio.words")}</a>
                <a id="to-preview" href="#page">{t("studio.preview")}</a>
                <a href="#take">{t("studio.take")}</a>
              </nav>
            )}
            <Beside />
            <div class="work">
              <div class="steps">
                <Model />
                {!isOpen && !isTraining && (
                  <section class="card" aria-labelledby="no-model-title">
                    <h2 id="no-model-title">{t("studio.none")}</h2>
                    <p>{t("studio.none.help")}</p>
                    <div class="actions"><button type="button" id="train" onClick={() => setTraining(true)}>{t("studio.train")}</button></div>
                  </section>
                )}
                {!isOpen && isTraining && <Lazy from={() => import("./steps/Train.jsx")} sections={["train", "mend"]} close={() => setTraining(false)} />}
                {isOpen && <Rows />}
                {isOpen && <Words key={opened} />}
              </div>
              {isOpen && <Preview key={opened} />}
            </div>
            {isOpen && <TakeAway key={opened} />}
          </>
        )}
      </main>
      <footer class="colophon">
        <p id="kept">{keeps ? t("studio.keeps") : t("studio.keeps.not")}</p>
        {keeps && tabs.others && <p id="tabs">{t("studio.tabs.others")}</p>}
        {keeps && tabs.left && <p id="tabs-left">{t("studio.tabs.left")} <a href={location.pathname} target="_blank" rel="noopener">{t("studio.tabs.open")}</a></p>}
        <Service />
      </footer>
    </>
  );
}
