import type { Prediction } from "./wardian.js";

/** What a sealed page answers: what was put in, in the model's units, `null` where nothing was measured; and what `predict` says of it. */
export interface CaseAnswer extends Prediction {
  readonly inputs: Readonly<Record<string, number | string | null>>;
}

/** Why a page is not shown, or does not tell its answers. */
export interface CaseError {
  /** The page is of another origin and tells nothing; there is no sealed page at the address; the sealed page says that it cannot start. */
  readonly code: "other_origin" | "not_a_case" | "page_failed";
  readonly message: string;
}

/** `wardian-answer` has `null` when what is in the form has no answer any more. */
export interface CaseEvents {
  "wardian-answer": CustomEvent<CaseAnswer | null>;
  "wardian-error": CustomEvent<CaseError>;
}

/**
 * `<wardian-case src="risk.html">`: a page that `wardian seal` made, inside another page of the same origin, and as high as what it
 * shows. Importing this defines it.
 *
 * @example
 * ```js
 * import "@@name@@/element";
 * document.querySelector("wardian-case").addEventListener("wardian-answer", ({ detail }) => console.log(detail?.prediction));
 * ```
 */
export class WardianCase extends HTMLElement {
  addEventListener<Name extends keyof CaseEvents>(name: Name, listener: (this: WardianCase, event: CaseEvents[Name]) => void, options?: boolean | AddEventListenerOptions): void;
  addEventListener(name: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "wardian-case": WardianCase;
  }
}
