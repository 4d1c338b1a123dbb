import { useState } from "preact/hooks";
import { shippedModel } from "wardian/wardian.js";
import { Wide } from "../app/Wide.jsx";
import { useLanguage } from "../i18n/index.js";
import { asked } from "../service/contract.js";
import { goldenRows } from "./golden.js";
import { pace, replay } from "./replay.js";

/** How many of the rows that differ are listed. */
const LISTED = 20;

function Differences({ different }) {
  const { t } = useLanguage();
  const { decimal } = asked(shippedModel());
  const kinds = ["answer", "margin"].filter((kind) => different[0][kind] !== undefined);
  const written = ({ value, bits }) => `${decimal(value)} (${bits})`;
  return (
    <Wide label={t("proof.differences")}>
      <table class="figures-table" id="differences">
        <caption>{t("proof.differences.some", { count: Math.min(different.length, LISTED), all: different.length })}</caption>
        <thead>
          <tr>
            <th scope="col">{t("proof.row")}</th>
            {kinds.map((kind) => ["expected", "given"].map((side) => <th scope="col" key={kind + side}>{t(`proof.${kind}.${side}`)}</th>))}
          </tr>
        </thead>
        <tbody>
          {different.slice(0, LISTED).map((each) => (
            <tr key={each.row}>
              <th scope="row">{each.row}</th>
              {kinds.map((kind) => ["expected", "given"].map((side) => <td key={kind + side}>{written(each[kind][side])}</td>))}
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

/** Asks the golden rows again in this browser. */
export function SelfTest() {
  const { t, number } = useLanguage();
  const [result, setResult] = useState({});

  async function run() {
    setResult({ isRunning: true });
    try {
      const golden = await goldenRows();
      const different = replay(shippedModel(), golden);
      setResult({ all: golden.rows.length, by: golden.by, different, pace: pace(shippedModel(), golden) });
    } catch (error) {
      setResult({ error });
    }
  }

  const { all, by, different, error, isRunning } = result;
  const same = different && all - different.length;
  return (
    <section aria-labelledby="selftest-title">
      <h3 id="selftest-title">{t("proof.selftest")}</h3>
      <p class="help" dir="auto">{t("proof.selftest.help")}</p>
      <p><button type="button" id="selftest-run" aria-disabled={isRunning === true} onClick={() => isRunning || run()}>{t("proof.selftest.run")}</button></p>
      <div role="status" id="selftest-result">
        {isRunning && <p class="help">{t("proof.selftest.running")}</p>}
        {error && <p class="failure">{t("proof.selftest.failed", { reason: error.message })}</p>}
        {different && (
          <>
            <p class={`verdict${different.length > 0 ? " failure" : ""}`}>{by === "wardian" ? t("proof.selftest.sealed", { same, all }) : t("proof.selftest.same", { same, all, trainer: by })}</p>
            <p class="help">{t("proof.selftest.pace", { time: number(result.pace.each * 1000, { maximumSignificantDigits: 2 }), count: result.pace.count })}</p>
          </>
        )}
      </div>
      {different?.length > 0 && <Differences different={different} />}
    </section>
  );
}
