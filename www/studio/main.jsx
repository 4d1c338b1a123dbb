import { render } from "preact";
import { startTheme } from "../app/theme.js";
import { startLanguage, t } from "../i18n/index.js";
import { App } from "./App.jsx";
import { sealer } from "./bench/bench.js";
import { lacking } from "./lacking.js";
import { work } from "./work/work.js";

const root = document.getElementById("app");

async function start() {
  startTheme();
  await startLanguage(["app", "studio"]);
  root.replaceChildren();
  render(<App lacks={lacking()} />, root);
  document.title = t("app.title");
  if (lacking().length === 0) {
    work.resume();
    // By the time that a file is chosen it is there.
    (globalThis.requestIdleCallback ?? setTimeout)(() => sealer().catch(() => {}));
  }
}

start();
