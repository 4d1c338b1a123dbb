import { useRef, useState } from "preact/hooks";
import { useLanguage } from "../i18n/index.js";
import { toCurl, toFetch } from "./written.js";

/** Where `npx wardian serve` answers, for programs that are no page. */
const SERVED = "http://127.0.0.1:8080";

/** The request as something to paste elsewhere. */
export function Code({ request, address = SERVED + request.path }) {
  const { t } = useLanguage();
  const [copied, setCopied] = useState("");
  const codes = { fetch: toFetch(request, address), curl: toCurl(request, SERVED) };
  const places = { fetch: useRef(), curl: useRef() };

  async function copy(kind) {
    try {
      await navigator.clipboard.writeText(codes[kind]);
      setCopied(t("console.copied"));
    } catch {
      // Browsers give the clipboard to secure pages only: marked, it can be copied by hand.
      getSelection().selectAllChildren(places[kind].current);
      setCopied(t("console.marked"));
    }
  }

  return (
    <details class="console-code">
      <summary>{t("console.code")}</summary>
      {Object.entries(codes).map(([kind, text]) => (
        <div key={kind}>
          <div class="card-head">
            <h3>{kind}</h3>
            <button type="button" id={`console-copy-${kind}`} onClick={() => copy(kind)}>{t("console.copy", { kind })}</button>
          </div>
          <p class="help">{t(`console.code.${kind}`)}</p>
          <pre ref={places[kind]} id={`console-${kind}`} dir="ltr" tabIndex={0}>{text}</pre>
        </div>
      ))}
      <p role="status" class="help">{copied}</p>
    </details>
  );
}
