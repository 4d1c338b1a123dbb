/** The eight inputs, made from the model's own description of them. */

/** A number as people of the page's language read it, without changing its digits. */
const plain = (number) => String(number);

function helpFor(feature) {
  const range = `${plain(feature.minimum)} to ${plain(feature.maximum)} in the study.`;
  const absence = feature.mayBeMissing ? " Leave empty if not measured." : "";
  return `${feature.description} ${range}${absence}`;
}

/**
 * Builds a field for each feature inside `container` and calls `changed` after every edit.
 *
 * `read()` gives the fields' texts, the labels of fields that are needed and empty, and the labels of faulty ones;
 * `fill(texts)` sets them all.
 */
export function buildForm(container, features, predict, changed) {
  const template = document.getElementById("field-template");
  const fields = features.map((feature, index) => {
    const field = template.content.cloneNode(true).firstElementChild;
    const input = field.querySelector("input");
    const help = field.querySelector(".help");
    const message = field.querySelector(".message");
    input.id = feature.name;
    input.name = feature.name;
    input.required = !feature.mayBeMissing;
    help.id = `${feature.name}-help`;
    message.id = `${feature.name}-message`;
    input.setAttribute("aria-describedby", `${help.id} ${message.id}`);
    if (feature.mayBeMissing) {
      input.placeholder = "not measured";
    }
    field.querySelector("label").htmlFor = input.id;
    field.querySelector(".label").textContent = feature.label;
    field.querySelector(".unit").textContent = feature.unit;
    help.textContent = helpFor(feature);
    input.addEventListener("input", () => {
      check();
      changed();
    });

    function check() {
      const { fault, warning } = judge(input.value);
      input.setAttribute("aria-invalid", String(fault !== ""));
      message.textContent = fault || warning;
    }

    /** What the model itself says of a row in which nothing but this field is given. */
    function judge(text) {
      if (text.trim() === "") {
        return { fault: "", warning: "" };
      }
      if (text.includes(",")) {
        return { fault: "Write decimals with a point, not a comma.", warning: "" };
      }
      try {
        const row = features.map((_, position) => (position === index ? text : ""));
        const { warnings } = predict(row.join(","));
        const own = warnings.find(({ field: name }) => name === feature.name);
        return { fault: "", warning: own ? sentence(own.message) : "" };
      } catch (error) {
        return { fault: sentence(error.message.replace(`${feature.name}: `, "")), warning: "" };
      }
    }

    container.append(field);
    return { feature, input, check };
  });

  return {
    read() {
      const labels = (chosen) => chosen.map(({ feature }) => feature.label);
      return {
        values: fields.map(({ input }) => input.value),
        absent: labels(fields.filter(({ input }) => input.required && input.value.trim() === "")),
        faulty: labels(fields.filter(({ input }) => input.getAttribute("aria-invalid") === "true")),
      };
    },
    fill(texts) {
      fields.forEach(({ input, check }, index) => {
        input.value = texts[index];
        check();
      });
      changed();
    },
  };
}

function sentence(text) {
  return `${text[0].toUpperCase()}${text.slice(1)}.`;
}
