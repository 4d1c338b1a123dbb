/** The answer: a frequency, a probability, its place on a scale, and what to know about it. */

const GREY_ZONE = [0.25, 0.75];
/** Long enough that a screen reader hears the number that was meant, not every digit on the way to it. */
const QUIET_BEFORE_SPEAKING = 700;

const element = (id) => document.getElementById(id);

/** "about 9 in 100" */
export function frequency(probability) {
  if (probability < 0.005) {
    return "fewer than 1 in 100";
  }
  if (probability > 0.995) {
    return "more than 99 in 100";
  }
  return `about ${Math.round(probability * 100)} in 100`;
}

function zoneOf(probability) {
  if (probability < GREY_ZONE[0]) {
    return "Below the grey zone: most women in the study with values like these did not test positive.";
  }
  if (probability > GREY_ZONE[1]) {
    return "Above the grey zone: most women in the study with values like these did test positive.";
  }
  return "In the grey zone, 0.25 to 0.75: here the number itself helps, not a yes or a no.";
}

function list(labels) {
  return new Intl.ListFormat("en", { type: "conjunction" }).format(labels);
}

function notesFor(values, features) {
  const missing = features.filter((_, index) => values[index].trim() === "").map(({ label }) => label);
  return missing.length === 0 ? [] : [`Not measured: ${list(missing)}. The model was trained with such gaps; it is less sure.`];
}

/** Shows the answer to the fields' texts, or says what is needed for one. */
export function showResult({ values, absent, faulty, features, predict }) {
  const incomplete = faulty.length > 0 ? `Please correct ${list(faulty)}.` : absent.length > 0 ? `Fill in ${list(absent)} to see a result.` : "";
  element("result").classList.toggle("empty", incomplete !== "");
  if (incomplete) {
    write({ headline: incomplete, detail: "", zone: "", notes: [] });
    return;
  }
  const { prediction } = predict(values.join(","));
  element("marker").style.setProperty("--at", `${prediction * 100}%`);
  const headline = frequency(prediction);
  write({
    headline: headline[0].toUpperCase() + headline.slice(1),
    detail: `would test positive for diabetes: probability ${prediction.toFixed(3)}`,
    zone: zoneOf(prediction),
    notes: notesFor(values, features),
  });
}

function write({ headline, detail, zone, notes }) {
  element("headline").textContent = headline;
  element("detail").textContent = detail;
  element("zone").textContent = zone;
  element("notes").replaceChildren(
    ...notes.map((note) => {
      const item = document.createElement("li");
      item.textContent = note;
      return item;
    }),
  );
  announce(`${headline} ${detail}`);
}

let pending;

function announce(text) {
  clearTimeout(pending);
  pending = setTimeout(() => {
    element("announcement").textContent = text;
  }, QUIET_BEFORE_SPEAKING);
}
