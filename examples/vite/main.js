import { explain, model, predict } from "risk";

const form = document.getElementById("form");
const answer = document.getElementById("answer");
const why = document.getElementById("why");

for (const { name, label, unit } of model.features) {
  const field = document.createElement("input");
  Object.assign(field, { name, inputMode: "decimal" });
  const line = document.createElement("p");
  const words = document.createElement("label");
  words.append(`${label}${unit ? `, ${unit}` : ""} `, field);
  line.append(words);
  form.append(line);
}

/** The form's row as text, in the model's order: an empty field was not measured, and what is no number is refused by name. */
const row = () => model.features.map(({ name }) => form.elements[name].value).join(",");

form.addEventListener("input", () => {
  try {
    answer.value = String(predict(row()).prediction);
    const parts = Object.entries(explain(row()).contributions).sort(([, one], [, other]) => Math.abs(other) - Math.abs(one));
    why.replaceChildren(
      ...parts.slice(0, 3).map(([name, part]) => {
        const line = document.createElement("li");
        line.textContent = `${name}: ${part.toFixed(3)}`;
        return line;
      }),
    );
  } catch (error) {
    // It has a `code` and the `field` at fault.
    answer.value = error.message;
    why.replaceChildren();
  }
});
