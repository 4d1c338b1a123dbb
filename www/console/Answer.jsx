import { useLanguage } from "../i18n/index.js";
import { laidOut, statusLine } from "./written.js";

/** What came back. */
export function Answer({ answer: { status, phrase, headers, body, isCut, milliseconds, error, count } }) {
  const { t, number } = useLanguage();
  if (count === undefined) {
    return <div class="console-answer"><h3>{t("console.answer")}</h3><p class="help">{t("console.answer.none")}</p></div>;
  }
  return (
    <div class="console-answer">
      <h3>{t("console.answer")}</h3>
      {error === undefined
        ? (
          <>
            {/* The count makes a new element of each answer: the same words twice are said twice. */}
            <p role="status" id="console-status" data-count={count}>
              <strong key={count} class={status < 400 ? "" : "console-problem"}>{statusLine(status, phrase)}</strong>
              {" "}
              <span class="detail">{t("console.time", { time: number(milliseconds, { maximumFractionDigits: 1, minimumFractionDigits: 1 }) })}</span>
            </p>
            <h4>{t("console.headers")}</h4>
            <pre id="console-headers" dir="ltr" tabIndex={0}>{headers.map(([name, value]) => `${name}: ${value}`).join("\n")}</pre>
            <h4>{t("console.body")}</h4>
            <pre id="console-answer-body" dir="ltr" tabIndex={0}>{body === "" ? t("console.body.empty") : laidOut(body)}</pre>
            {isCut && <p class="help">{t("console.body.cut")}</p>}
          </>
        )
        : <p role="alert" class="failure" id="console-failure">{t("console.failure", { reason: error.message })}</p>}
    </div>
  );
}
