import { usePage } from "../app/context.js";
import { useModelHash } from "../card/hash.js";
import { useLanguage } from "../i18n/index.js";
import { version } from "../package.json";
import { Monitor } from "./Monitor.jsx";
import { Requests } from "./Requests.jsx";
import { SelfTest } from "./SelfTest.jsx";

/** What runs here. */
function Identity() {
  const { t } = useLanguage();
  const { page } = usePage();
  const hash = useModelHash();
  return (
    <section aria-labelledby="identity-title">
      <h3 id="identity-title">{t("proof.identity")}</h3>
      <dl>
        <div><dt>{t("proof.version")}</dt><dd>Wardian {version}</dd></div>
        {page.trainer && <div><dt>{t("proof.trainer")}</dt><dd>{page.trainer}</dd></div>}
        {hash && <div><dt>{t("proof.sha256")}</dt><dd class="hash" id="model-sha256">{hash}</dd></div>}
      </dl>
    </section>
  );
}

/** That this page runs that model, answers as its trainer does, and keeps to itself; and how it fares. */
export default function Proof() {
  const { t } = useLanguage();
  return (
    <>
      <article class="card proof" aria-labelledby="proof-title">
        <h2 id="proof-title">{t("proof.title")}</h2>
        <p class="help">{t("proof.lede")}</p>
        <SelfTest />
        <Requests />
        <Identity />
      </article>
      <Monitor />
    </>
  );
}
