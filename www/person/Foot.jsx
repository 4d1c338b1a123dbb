import { useEffect, useRef, useState } from "preact/hooks";
import { predict } from "wardian/wardian.js";
import { usePage } from "../app/context.js";
import { date, decimalComma, sentences, useLanguage } from "../i18n/index.js";
import { toFragment } from "./share.js";

/**
 * Says to the frame around this page what it answers; nothing, when it answers no more. `frameElement` is `null` where the page around
 * is of another origin, so no other site hears anything, and nobody has to be asked or believed.
 */
const tell = (detail) => frameElement?.dispatchEvent(new CustomEvent("wardian-answer", { detail, bubbles: true, composed: true }));

/** Printing, the link, and what only paper shows: the day, the model, what it is not. */
export default function Foot({ person: { entries, reading: { row } } }) {
  const { t, has } = useLanguage();
  const { description, features } = usePage();
  const [shared, setShared] = useState({});
  const day = useRef();

  useEffect(() => {
    // Printing waits for no redraw.
    const stamp = () => {
      day.current.textContent = date(new Date());
    };
    stamp();
    addEventListener("beforeprint", stamp);
    return () => removeEventListener("beforeprint", stamp);
  });

  useEffect(() => {
    tell({ inputs: Object.fromEntries(features.map(({ name }, index) => [name, row[index]])), ...predict(row) });
  }, [row]);
  useEffect(() => () => tell(null), []);

  async function share() {
    const link = location.href.split("#")[0] + toFragment(features, entries, decimalComma());
    try {
      await navigator.clipboard.writeText(link);
      setShared({ link, isCopied: true });
    } catch {
      // Browsers give the clipboard to secure pages only; the link can still be taken by hand.
      setShared({ link, isCopied: false });
    }
  }

  return (
    <section class="foot" aria-label={t("why.keep")}>
      <div class="actions">
        <button type="button" id="print" onClick={() => print()}>{t("why.print")}</button>
        <button type="button" id="share" onClick={share}>{t("why.share")}</button>
      </div>
      <p class="help">{t("why.share.help")}</p>
      {shared.link && (
        <div role="status">
          <p>{t(shared.isCopied ? "why.share.copied" : "why.share.take")}</p>
          <input class="link" readOnly aria-label={t("why.share.link")} value={shared.link} onFocus={({ target }) => target.select()} />
        </div>
      )}
      <div class="paper">
        {has("app.notice") && <p><strong>{t("app.notice")}</strong> {sentences(...["app.population", "why.paper.decide"].filter(has).map((key) => t(key)))}</p>}
        <p>
          <span ref={day} id="day" /> · {t("why.paper.model", { trees: description.treeCount })} · SHA-256 {description.sha256}
        </p>
      </div>
    </section>
  );
}
