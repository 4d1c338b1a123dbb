import { useRef, useState } from "preact/hooks";
import { useLanguage } from "../../i18n/index.js";
import { download } from "../../rows/download.js";
import { Fault, inPlaces } from "../parts/Fault.jsx";
import { snippetsOf } from "./snippets.js";
import { sizeText } from "../parts/sizes.js";
import { useWork } from "../work/useWork.js";
import { work } from "../work/work.js";

/** What may be taken away: what the program calls it, and the file that it becomes. */
const PRODUCTS = {
  single: { product: "page.html", file: (name) => `${name}.html`, type: "text/html" },
  folder: { product: "page/", file: (name) => `${name}.zip`, type: "application/zip" },
  package: { product: "package.tgz", file: (name, version) => `${name}-${version}.tgz`, type: "application/gzip" },
  model: { product: "model.wardian", file: (name) => `${name}.wardian`, type: "application/octet-stream" },
  module: { product: "model.wasm", file: (name) => `${name}.wasm`, type: "application/wasm" },
  case: { file: (name) => `${name}-case.zip`, type: "application/zip" },
  openapi: { product: "openapi.json", file: () => "openapi.json", type: "application/json" },
  card: { product: "card.html", file: (name) => `${name}-card.html`, type: "text/html" },
};

/** The case to go on with: what was said, and the model's file. Rows are nobody's to pass on unasked. */
async function caseFolder({ file, doc }) {
  const said = JSON.stringify({ ...doc, model: file.name }, null, 2);
  return { "case.json": new TextEncoder().encode(`${said}\n`), [file.name]: new Uint8Array(await file.arrayBuffer()) };
}

async function bytesOf(key, name) {
  const { product } = PRODUCTS[key];
  const made = product === undefined ? await caseFolder(work.state) : await work.make(product);
  if (made instanceof Uint8Array) {
    return made;
  }
  const { zipped } = await import("./zip.js");
  return zipped(made, name);
}

/** Something to paste, with a button that copies it. */
function Snippet({ id, title, text }) {
  const { t } = useLanguage();
  const [copied, setCopied] = useState("");
  const place = useRef();
  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(t("studio.copied"));
    } catch {
      // Browsers give the clipboard to secure pages only: marked, it can be copied by hand.
      getSelection().selectAllChildren(place.current);
      setCopied(t("studio.marked"));
    }
  }
  return (
    <div class="snippet">
      <div class="card-head">
        <h3>{title}</h3>
        <button type="button" id={`copy-${id}`} aria-label={t("studio.copy.what", { what: title })} onClick={copy}>{t("studio.copy")}</button>
      </div>
      <pre ref={place} id={`snippet-${id}`} dir="ltr" tabIndex={0}>{text}</pre>
      <p class="help" role="status">{copied}</p>
    </div>
  );
}

export function TakeAway() {
  const language = useLanguage();
  const { t, number } = language;
  const { told, fault, pending, file, options, rows, label, positive, group } = useWork();
  const [state, setState] = useState({});
  const name = (told?.case.name ?? "model").split("/").at(-1);
  const isReady = told !== undefined && fault === undefined && !pending;

  async function take(key) {
    setState({ making: key });
    try {
      const bytes = await bytesOf(key, name);
      const called = PRODUCTS[key].file(name, told.case.version);
      download([bytes], called, PRODUCTS[key].type);
      setState({ done: t("studio.taken", { name: called, size: sizeText(bytes.length, number) }) });
    } catch (error) {
      setState({ error });
    }
  }

  return (
    <section class="card take" id="take" tabIndex={-1} aria-labelledby="take-title">
      <h2 id="take-title">{t("studio.take")}</h2>
      {fault !== undefined && <p class="failure" id="take-why">{t("studio.take.why")}</p>}
      {told !== undefined && fault === undefined && <p class="help" id="summary" dir="auto">{told.by === "wardian" ? t("studio.summary.own", { count: told.compared }) : t("studio.summary", { count: told.compared, by: told.by })}</p>}
      <ul class="products">
        {Object.keys(PRODUCTS).map((key) => (
          <li key={key}>
            <button type="button" id={`take-${key}`} class={key === "single" ? "primary" : ""} disabled={!isReady || state.making !== undefined} onClick={() => take(key)}>
              {t(state.making === key ? "studio.making" : `studio.take.${key}`)}
            </button>
            <span class="help">{t(`studio.take.${key}.help`)}</span>
          </li>
        ))}
      </ul>
      <p role="status" id="taken">{state.done ?? ""}</p>
      {state.error !== undefined && <Fault id="take-fault" error={state.error} />}
      {told !== undefined && Object.entries(snippetsOf({ told, file, reading: options, rows, label, positive, group, name })).map(([id, text]) => <Snippet key={id} id={id} title={t(`studio.snippet.${id}`)} text={text} />)}
      {told?.notes.length > 0 && <ul class="help notes">{told.notes.map((note) => <li key={note} dir="auto">{inPlaces(note, language)}</li>)}</ul>}
    </section>
  );
}
