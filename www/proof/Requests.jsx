import { useState } from "preact/hooks";
import { watchedTraffic } from "../app/watch.js";
import { useLanguage } from "../i18n/index.js";
import { useTicks } from "./useTicks.js";

const SECOND = 1000;

/** An address as far as it tells something: without this page's own folder. */
function shortened(address) {
  const own = new URL(".", document.baseURI).href;
  return address.startsWith(own) ? address.slice(own.length) || "./" : address;
}

/** How many requests have left the page, which, and what is counted. */
export function Requests() {
  const { t, number } = useLanguage();
  const [isOpen, setIsOpen] = useState(false);
  const ref = useTicks(SECOND);
  const { elsewhere, own, kept, stopped, names } = watchedTraffic();
  return (
    <section ref={ref} aria-labelledby="requests-title">
      <h3 id="requests-title">{t("proof.requests")}</h3>
      <dl>
        <div class="main"><dt>{t("proof.requests.elsewhere")}</dt><dd id="requests-elsewhere" class={elsewhere > 0 ? "failure" : ""}>{number(elsewhere)}</dd></div>
        <div><dt>{t("proof.requests.network")}</dt><dd id="requests-network">{number(own - kept)}</dd></div>
        <div><dt>{t("proof.requests.kept")}</dt><dd id="requests-kept">{number(kept)}</dd></div>
        <div><dt>{t("proof.requests.stopped")}</dt><dd id="requests-stopped" class={stopped > 0 ? "failure" : ""}>{number(stopped)}</dd></div>
      </dl>
      <p class="help">{t("proof.requests.help")}</p>
      {names.size > 0 && (
        <details onToggle={({ target }) => setIsOpen(target.open)}>
          <summary>{t("proof.requests.which")}</summary>
          {isOpen && (
            <ul class="addresses">
              {[...names].map(([address, count]) => <li key={address}><span class="hash">{shortened(address)}</span>{count > 1 && ` × ${number(count)}`}</li>)}
            </ul>
          )}
        </details>
      )}
    </section>
  );
}
