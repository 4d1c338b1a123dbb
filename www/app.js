import { answer } from "./rest.js";
import { load, model, predict, shippedModel } from "./wardian.js";
import { showExchange } from "./contract.js";
import { buildForm } from "./form.js";
import { showResult } from "./result.js";

const EXAMPLE = "1,106,70,28,135,34.2,0.142,22".split(",");

function start() {
  const description = model();
  const form = buildForm(document.getElementById("fields"), description.features, predict, update);
  document.getElementById("example").addEventListener("click", () => form.fill(EXAMPLE));
  document.getElementById("clear").addEventListener("click", () => form.fill(EXAMPLE.map(() => "")));

  function update() {
    const { values, absent, faulty } = form.read();
    showResult({ values, absent, faulty, features: description.features, predict });
    showExchange(values, (request) => answer(shippedModel(), request));
  }

  const facts = document.getElementById("facts");
  facts.textContent =
    `Model: XGBoost, ${description.treeCount} trees, ${description.splitCount} splits, SHA-256 ${description.sha256.slice(0, 12)}…`;
  facts.title = description.sha256;
  document.getElementById("main").hidden = false;
  update();
}

try {
  await load();
  start();
} catch (error) {
  const failure = document.getElementById("failure");
  failure.hidden = false;
  failure.textContent =
    error instanceof WebAssembly.CompileError
      ? "This browser is too old for the model: it needs WebAssembly with SIMD (Chrome 91, Firefox 89, Safari 16.4 or later)."
      : `The model could not be started. If you saved this page, serve the whole folder from a web server. (${error.message})`;
}
