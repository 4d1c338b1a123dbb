/**
 * `<wardian-case src="risk.html">`: a sealed page inside another page, as high as what it shows. It is a frame, and all that it adds
 * comes from what a page may do with a frame of its own origin: the browser keeps every other site out, and no message is sent.
 */

/** What is shown of a sealed page, and what says that it cannot start: of `www/index.html` and `www/app/Failure.jsx`. */
const [SHOWN, FAILURE] = ["#app", "#failure"];

// Where a server renders pages there are no elements: the import does nothing there.
export class WardianCase extends (globalThis.HTMLElement ?? Object) {
  static observedAttributes = ["src", "title"];

  #frame;
  #watch;
  #said;

  connectedCallback() {
    if (this.#frame !== undefined) {
      return;
    }
    this.#frame = document.createElement("iframe");
    Object.assign(this.#frame.style, { display: "block", inlineSize: "100%", border: "0" });
    this.#frame.addEventListener("load", () => this.#loaded());
    // Before it stands in the page: an empty frame is loaded at once.
    this.#open();
    this.attachShadow({ mode: "open" }).append(this.#frame);
    this.style.display ||= "block";
  }

  disconnectedCallback() {
    this.#watch?.disconnect();
  }

  attributeChangedCallback(name, before, now) {
    if (this.#frame !== undefined && before !== now) {
      if (name === "src") {
        this.#open();
      } else {
        this.#name();
      }
    }
  }

  #open() {
    const src = this.getAttribute("src");
    if (src !== null) {
      this.#frame.src = src;
    }
  }

  /** What who cannot see the frame is told that it is. */
  #name() {
    this.#frame.title = this.title || this.#frame.contentDocument?.title || "";
  }

  #loaded() {
    this.#watch?.disconnect();
    this.#said = undefined;
    this.#name();
    const { src, contentDocument: inside } = this.#frame;
    if (src === "") {
      return;
    }
    const shown = inside?.querySelector(SHOWN);
    if (!inside) {
      this.#fail("other_origin", `${src} is of another origin than this page: it is shown, and its answers stay in it. Serve it from ${location.origin}.`);
    } else if (!shown) {
      this.#fail("not_a_case", `${src} is no page that wardian sealed. Check the address; wardian seal model.ubj -o risk.html makes one.`);
    } else {
      this.#watch = new ResizeObserver(() => this.#fit(inside));
      this.#watch.observe(shown);
    }
  }

  /** As high as what is shown; and what is shown may be that it failed, or have a title by now. */
  #fit(inside) {
    this.#frame.style.blockSize = `${Math.ceil(inside.documentElement.getBoundingClientRect().height)}px`;
    this.#name();
    const failure = inside.querySelector(FAILURE);
    if (failure) {
      this.#fail("page_failed", failure.textContent);
    }
  }

  /** Once for a page. */
  #fail(code, message) {
    if (this.#said !== code) {
      this.#said = code;
      this.dispatchEvent(new CustomEvent("wardian-error", { detail: { code, message }, bubbles: true, composed: true }));
    }
  }
}

if (globalThis.customElements?.get("wardian-case") === undefined) {
  globalThis.customElements?.define("wardian-case", WardianCase);
}
