/** The REST contract's request and response for what the form holds. */

const PATH = "/katana-ml/api/v1.0/diabetes";
const CONTENT_TYPE = "application/json";

const element = (id) => document.getElementById(id);

/** Answers the request that the fields' texts make, in the page itself, and shows both sides. */
export function showExchange(values, answer) {
  const body = JSON.stringify({ data: values.join(",") });
  const response = answer({ method: "POST", path: PATH, contentType: CONTENT_TYPE, body });
  element("request").textContent = `POST ${PATH}\ncontent-type: ${CONTENT_TYPE}\n\n${body}`;
  const headers = response.headers.map(([name, value]) => `${name}: ${value}`);
  element("response").textContent = [response.status, ...headers, "", response.body].join("\n");
}

for (const button of document.querySelectorAll("[data-copies]")) {
  button.addEventListener("click", async () => {
    const text = element(button.dataset.copies).textContent;
    let outcome = "Copied";
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Browsers give the clipboard to secure pages only; the text can still be taken by hand.
      getSelection().selectAllChildren(element(button.dataset.copies));
      outcome = "Selected";
    }
    button.textContent = outcome;
    setTimeout(() => {
      button.textContent = "Copy";
    }, 1500);
  });
}
