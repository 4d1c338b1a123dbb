import { render } from "preact";
import { load, model } from "wardian/wardian.js";
import { theCase } from "../case/case.js";
import { modelBytes } from "../case/documents.js";
import { featuresOf } from "../case/features.js";
import { startLanguage, t } from "../i18n/index.js";
import { kindOf } from "../kinds/index.js";
import { readyForm } from "../person/Form.jsx";
import { App } from "./App.jsx";
import { Failure } from "./Failure.jsx";
import { wasm } from "./files.js";
import { startTheme } from "./theme.js";
import "./watch.js";

const root = document.getElementById("app");

async function start() {
  startTheme();
  // All at once: none waits for another.
  const bytes = modelBytes();
  const [language, started, kind] = await Promise.allSettled([
    startLanguage(["app", "person"]),
    bytes.then((model) => load(wasm("engine_bg.wasm"), model)),
    kindOf(theCase().kind),
  ]);
  if (language.status === "rejected") {
    throw language.reason;
  }
  if (started.status === "fulfilled") {
    await readyForm(featuresOf(model())).catch(() => {});
  }
  // The words that were there before any script are the masthead's.
  root.replaceChildren();
  const failed = [started, kind].find(({ status }) => status === "rejected");
  if (failed) {
    render(<Failure error={failed.reason} />, root);
  } else {
    render(<App description={model()} kind={kind.value} model={await bytes} />, root);
  }
  document.title = t("app.title", theCase());
}

// What is imported meanwhile imports this script: it is not to wait for what it waits for.
start();
