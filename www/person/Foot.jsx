import { useEffect, useRef, useState } from "preact/hooks";
import { usePage } from "../app/context.js";
import { date, decimalComma, sentences, useLanguage } from "../i18n/index.js";
import { toFragment } from "./share.js";

/** Printing, the link, and what only paper shows: the day, the model, what it is not. */
export default function Foot({ person: { entries } }) {
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
