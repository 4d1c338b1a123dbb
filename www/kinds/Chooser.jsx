/** One of several answers, each with a bar: the one that is looked at is why and what-if are told of. */
import { useState } from "preact/hooks";
import { t } from "../i18n/index.js";

const SHOWN = 10;

/** `items`: `{ index, name, text, share }`, in the order that they are shown in; a share is 0 to 1. */
export function Chooser({ label, items, looked, look }) {
  const [isOpen, setIsOpen] = useState(false);
  const shown = isOpen || items.length <= SHOWN + 1 ? items : items.filter(({ index }, place) => place < SHOWN || index === looked);
  return (
    <>
      <ul class="chooser" aria-label={label}>
        {shown.map(({ index, name, text, share }) => (
          <li key={index}>
            <button type="button" class="choice" aria-pressed={index === looked} onClick={() => look(index)}>
              <span class="choice-name" dir="auto">{name}</span>
              {/* A number whose range nobody knows has no bar: an empty one would say that it is nothing. */}
              {share !== undefined && <span class="choice-bar" aria-hidden="true" dir="ltr"><span style={{ width: `${Math.max(0, Math.min(1, share)) * 100}%` }} /></span>}
              <span class="choice-text">{text}</span>
            </button>
          </li>
        ))}
      </ul>
      {shown.length < items.length && <p><button type="button" class="plain" onClick={() => setIsOpen(true)}>{t("number.more", { count: items.length - shown.length })}</button></p>}
    </>
  );
}
