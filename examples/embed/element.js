const heard = document.getElementById("heard");
const page = document.querySelector("wardian-case");

// `detail` has the inputs in the model's units and what `predict` says of them; `null` when there is no answer any more.
page.addEventListener("wardian-answer", ({ detail }) => {
  heard.value = detail === null ? "no answer" : `${detail.prediction} for glucose ${detail.inputs.glucose ?? "not measured"}`;
});

page.addEventListener("wardian-error", ({ detail }) => {
  heard.value = `${detail.code}: ${detail.message}`;
});
