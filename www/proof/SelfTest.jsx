import { useState } from "preact/hooks";
import { shippedModel } from "wardian/wardian.js";
import { decimal } from "wardian/rest.js";
import { Wide } from "../app/Wide.jsx";
import { useLanguage } from "../i18n/index.js";
import { floatOf, pace, replay } from "./replay.js";

/** How many of the rows that differ are listed. */
const LISTED = 20;

const written = (bits) => `${decimal(floatOf(bits))} (${bits.toString(16).padStart(8, "0")})`;

function Differences({ different }) {
  const { t } = useLanguage();
  return (
    <Wide label={t("proof.differences")}>
      <table class="figures-table" id="differences">
        <caption>{t("proof.differences.some", { count: Math.min(different.length, LISTED), all: different.length })}</caption>
        <thead>
          <tr>
            <th scope="col">{t("proof.row")}</th>
            {["probability", "margin"].map((kind) => ["expected", "given"].map((side) => <th scope="col" key={kind + side}>{t(`proof.${kind}.${side}`)}</th>))}
          </tr>
        </thead>
        <tbody>
          {different.slice(0, LISTED).map(({ row, expected, given }) => (
            <tr key={row}>
              <th scope="row">{row}</th>
              <td>{written(expected.probability)}</td>
              <td>{written(given.probability)}</td>
              <td>{written(expected.margin)}</td>
              <td>{written(given.margin)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

/** Asks the golden rows again in this browser. */
export function SelfTest({ trainer }) {
  const { t, number } = useLanguage();
  const [result, setResult] = useState({});

  async function run() {
    setResult({ isRunning: true });
    try {
      const { golden } = await import("./golden.js");
      const different = replay(shippedModel(), golden);
      setResult({ all: golden.length, different, pace: pace(shippedModel(), golden) });
    } catch (error) {
      setResult({ error });
    }
  }

  const { all, different, error, isRunning } = result;
  return (
    <section aria-labelledby="selftest-title">
      <h3 id="selftest-title">{t("proof.selftest")}</h3>
      <p class="help">{t("proof.selftest.help")}</p>
      <p><button type="button" id="selftest-run" aria-disabled={isRunning === true} onClick={() => isRunning || run()}>{t("proof.selftest.run")}</button></p>
      <div role="status" id="selftest-result">
        {isRunning && <p class="help">{t("proof.selftest.running")}</p>}
        {error && <p class="failure">{t("proof.selftest.failed", { reason: error.message })}</p>}
        {different && (
          <>
            <p class={`verdict${different.length > 0 ? " failure" : ""}`}>{t("proof.selftest.same", { same: all - different.length, all, trainer })}</p>
            <p class="help">{t("proof.selftest.pace", { time: number(result.pace.each * 1000, { maximumSignificantDigits: 2 }), count: result.pace.count })}</p>
          </>
        )}
      </div>
      {different?.length > 0 && <Differences different={different} />}
    </section>
  );
}
