import { render } from "preact";
import { load, model } from "wardian/wardian.js";
import { startLanguage, t } from "../i18n/index.js";
import { App } from "./App.jsx";
import { Failure } from "./Failure.jsx";
import { wasm } from "./files.js";
import { startTheme } from "./theme.js";
import "./watch.js";

const root = document.getElementById("app");
startTheme();
// Both at once: neither waits for the other.
const [language, module] = await Promise.allSettled([startLanguage(["app", "person"]), load(wasm("engine_bg.wasm"))]);
if (language.status === "rejected") {
  throw language.reason;
}
// The words that were there before any script are the masthead's.
root.replaceChildren();
if (module.status === "rejected") {
  render(<Failure error={module.reason} />, root);
} else {
  render(<App description={model()} />, root);
}
document.title = t("app.title");
