/** The page's side of the studio's worker. A bench has one model; another model has another. */
import { IS_SINGLE_FILE, compiledWasm } from "../../app/files.js";
import { startWorker } from "../../app/worker.js";
import { packedShell } from "./shell.js";

/** How many bytes of a file are sent at a time. */
const PART = 2 ** 22;

let compiled;
/** The module that seals, compiled once for all benches. */
export const sealer = () =>
  (compiled ??= compiledWasm("seal_bg.wasm").catch((error) => {
    compiled = undefined;
    throw error;
  }));

/** What a call was refused with: `code`, and what goes into its words; the program's own message where it has no words here. */
export class Refusal extends Error {
  constructor({ message, ...more }) {
    super(message);
    Object.assign(this, more);
  }
}

/** A part of a file's bytes. */
async function partOf(file, from) {
  try {
    return new Uint8Array(await file.slice(from, from + PART).arrayBuffer());
  } catch ({ message }) {
    throw new Refusal({ message, code: "unreadable" });
  }
}

export class Bench {
  #worker = startWorker("studio");
  #asked = new Map();
  #next = 0;
  #hasShell = false;
  #sending = Promise.resolve();

  constructor() {
    this.#worker.addEventListener("message", ({ data }) => (data.wanted === undefined ? this.#heard(data) : this.#lend(data)));
    this.#worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.#fail(new Refusal({ message: event.message ?? "the worker stopped", code: "worker" }));
    });
  }

  #heard({ id, progress, result, error }) {
    const asked = this.#asked.get(id);
    if (asked === undefined) {
      return;
    }
    if (progress !== undefined) {
      asked.tell?.(progress);
      return;
    }
    this.#asked.delete(id);
    error === undefined ? asked.resolve(result) : asked.reject(new Refusal(error));
  }

  async #lend({ id, wanted }) {
    try {
      this.#worker.postMessage({ id, module: await compiledWasm(wanted) });
    } catch ({ message }) {
      // The single file has a reader for workbooks no more than the page's.
      this.#worker.postMessage({ id, error: { message, code: IS_SINGLE_FILE ? "not_here" : "unreachable" } });
    }
  }

  #fail(error) {
    this.#asked.forEach(({ reject }) => reject(error));
    this.#asked.clear();
  }

  #ask(call, given, { tell, transfer = [] } = {}) {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject, tell });
      this.#worker.postMessage({ id, call, given }, transfer);
    });
  }

  /** Sends a file's bytes, and then makes the call that is about them; one file after the other. */
  #sent(kind, file, call, given, tell) {
    const send = async () => {
      if (file.isFolder) {
        throw new Refusal({ message: "this is a folder", code: "folder" });
      }
      await this.#ask("begin", { kind, size: file.size });
      for (let from = 0; from < file.size; from += PART) {
        const bytes = await partOf(file, from);
        await this.#ask("part", { bytes }, { transfer: [bytes.buffer] });
        tell?.(Math.min(1, (from + PART) / file.size));
      }
      return this.#ask(call, { name: file.name, ...given });
    };
    const sent = this.#sending.then(send);
    this.#sending = sent.catch(() => {});
    return sent;
  }

  /** Reads a model's file: what the model is. `tell` hears how much of the file has been read, from 0 to 1. */
  async open(file, options, tell) {
    await this.#ask("start", { module: await sealer() });
    return this.#sent("model", file, "open", { options }, tell);
  }

  /**
   * Gives rows of the training data (`data`), the trainer's answers to them (`predictions`), or others (`heldOut`); no file takes them away.
   * Options are what is said of how they are read: `sheet`, `header`, `decimal`, `columns`. `{ sheets }` comes of it.
   */
  give(which, file, options) {
    return file === undefined ? this.#ask("give", { which }) : this.#sent("rows", file, "give", { which, options });
  }

  /** Puts the case together: what `src/seal/studio.rs` tells of it. */
  together(said, name, options) {
    return this.#ask("together", { said, name, options });
  }

  /** A product's bytes, or an object of a folder's files by name. */
  async make(product) {
    if (!this.#hasShell) {
      const bytes = await packedShell();
      this.#hasShell = true;
      await this.#ask("shell", { bytes }, { transfer: [bytes.buffer] });
    }
    return this.#ask("make", { product });
  }

  /** How sure and how good the model is, by answers to rows that were not trained on: `{ certainty, figures }`, for `case.json`. */
  judge(validated) {
    return this.#ask("judge", validated);
  }

  /** Looks at the columns of a file of rows that a model is to be trained on. */
  async look(file, options) {
    await this.#ask("startTraining", { module: await compiledWasm("train_bg.wasm"), sealer: await sealer() });
    return this.#sent("rows", file, "look", { options });
  }

  /** Trains on these rows: `{ figures, isBinary, folds, bytes, … }`. `tell` hears how much is done, from 0 to 1. */
  train(asked, options, tell) {
    return this.#ask("train", { asked, options }, { tell });
  }

  /** Ends it, whatever it is doing. */
  stop() {
    this.#worker.terminate();
    this.#fail(new Refusal({ message: "stopped", code: "stopped" }));
  }
}
