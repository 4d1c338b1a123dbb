/**
 * The studio's work: one model, its rows, what is said of it, and what these make together. Components draw `work.state` and call its
 * actions; every action leaves the state whole, whatever fails.
 */
import { loadSections } from "../../i18n/index.js";
import { Bench, Refusal } from "../bench/bench.js";
import { withFeature, withValue } from "./doc.js";
import { forgetAll, keep, recallAll, takePlace } from "./keep.js";

/** How long nothing must have been typed before the case is put together, in milliseconds. */
const QUIET = 250;
/** Steps that can be taken back. */
const MOST_STEPS = 200;
/** Of one field, what is typed within this time is one step. */
const ONE_STEP = 1500;
const ROWS = ["data", "predictions", "heldOut"];

/**
 * What is said before anybody has said anything. `label` is the column that was to be predicted, `positive` which of two texts in it is the
 * positive one, `group` a column by which figures are told.
 */
const NOTHING_SAID = { doc: {}, label: "", positive: "", group: "" };
const saidOf = ({ doc, label, positive, group }) => ({ doc, label, positive, group });

/** Whether two models ask for the same inputs. */
const haveSameInputs = (one, other) => one.features.length === other.features.length && one.features.every(({ name }, index) => name === other.features[index].name);

/** The name of a case by its file: what stands before the first point. */
const stemOf = (name) => name.split(".")[0] || "model";

class Work {
  #listeners = new Set();
  #bench;
  #opening;
  #timer;
  #last = { path: "", at: 0 };
  #placed;
  state = { phase: "empty", rows: {}, given: {}, tabs: { others: false, left: false }, ...NOTHING_SAID, past: [], future: [], keeps: true, opened: 0 };

  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #set(changes) {
    this.state = { ...this.state, ...changes };
    this.#listeners.forEach((listener) => listener(this.state));
  }

  async #keep(name, value) {
    // Without a place nothing is kept: what is in it is another tab's.
    const isPlaced = await Promise.resolve(this.#placed).then(() => true, () => false);
    const isKept = isPlaced && (await keep(name, value));
    if (isKept !== this.state.keeps) {
      this.#set({ keeps: isKept });
    }
  }

  /** Takes up what was left the last time. */
  async resume() {
    let kept;
    try {
      this.#placed = takePlace();
      const tabs = await this.#placed;
      kept = await recallAll();
      this.#set({ tabs });
    } catch {
      this.#set({ keeps: false });
      return;
    }
    if (kept.model === undefined || this.state.phase !== "empty") {
      return;
    }
    const { said = NOTHING_SAID } = kept;
    await this.#open(kept.model.file, kept.model.options, said, Object.fromEntries(ROWS.map((which) => [which, kept[which]])));
  }

  /**
   * Opens a model's file. What is said and given of another one stays if the new one has the same inputs, as a model that was trained anew has;
   * but for the trainer's answers, which were the other's. Else it goes. `validated` has the answers of a cross-validation, by which it is judged.
   */
  async open(file, { options = {}, rows, said, validated } = {}) {
    await this.#open(file, options, said, rows, validated);
    if (this.state.file === file) {
      await this.#keep("model", { file, options });
      await Promise.all(ROWS.map((which) => this.#keep(which, this.state.rows[which] && { file: this.state.rows[which].file, options: this.state.rows[which].options })));
      await this.#keep("said", saidOf(this.state));
    }
  }

  async #open(file, options, said, rows, validated) {
    this.cancel();
    const bench = new Bench();
    this.#opening = bench;
    const { phase } = this.state;
    this.#set({ opening: { name: file.name, size: file.size, progress: 0 }, failure: undefined });
    let [about, judged] = [];
    try {
      // What may be wrong with a model, its rows and words is not said before there is one.
      const words = loadSections(["mend"]);
      words.catch(() => {});
      about = await bench.open(file, options, (progress) => this.#opening === bench && this.#set({ opening: { ...this.state.opening, progress } }));
      judged = validated && (await bench.judge(validated));
      await words;
    } catch (error) {
      bench.stop();
      await loadSections(["mend"]).catch(() => {});
      if (this.#opening === bench) {
        this.#opening = undefined;
        this.#set({ phase, opening: undefined, failure: { file, error } });
      }
      return;
    }
    if (this.#opening !== bench) {
      return;
    }
    this.#opening = undefined;
    const isAlike = said === undefined && this.state.phase === "open" && haveSameInputs(about, this.state.about);
    const { predictions: _, ...others } = this.state.rows;
    const given = rows ?? (isAlike ? others : {});
    const { doc, ...columns } = { ...NOTHING_SAID, ...(said ?? (isAlike ? saidOf(this.state) : {})) };
    const { certainty, figures } = judged ?? {};
    this.#bench?.stop();
    this.#bench = bench;
    this.#set({ phase: "open", opened: this.state.opened + 1, opening: undefined, file, options, about, told: undefined, fault: undefined, given: {}, rows: {}, doc: { ...doc, ...(figures && { figures }), ...(certainty && { certainty }) }, ...columns, past: [], future: [], version: 0 });
    for (const which of ROWS) {
      if (given[which] !== undefined) {
        await this.#give(which, given[which].file, given[which].options);
      }
    }
    await this.#together();
  }

  /** Stops reading the model that is being read: what was there before stays. */
  cancel() {
    this.#opening?.stop();
    this.#opening = undefined;
    if (this.state.opening !== undefined) {
      this.#set({ opening: undefined });
    }
  }

  /** Gives rows, or takes them away. */
  async give(which, file, options) {
    await this.#give(which, file, options);
    await this.#together();
    await this.#keep(which, file && { file, options });
  }

  async #give(which, file, options) {
    const bench = this.#bench;
    this.#setRows(which, file && { file, options, reading: true });
    try {
      const read = await bench.give(which, file, options);
      if (bench === this.#bench) {
        this.#setRows(which, file && { file, options, sheets: read.sheets });
      }
    } catch (error) {
      if (bench === this.#bench) {
        this.#setRows(which, { file, options, error, sheets: error.sheets });
      }
    }
  }

  #setRows(which, value) {
    const { [which]: _, ...others } = this.state.rows;
    this.#set({ rows: value === undefined ? others : { ...others, [which]: value } });
  }

  /** Says something of the model: a value at a path of `case.json`. */
  say(path, value) {
    this.#say({ doc: withValue(this.state.doc, path, value) }, path.join("."));
  }

  /** Says something of a feature. */
  sayOf(name, path, value) {
    this.#say({ doc: withFeature(this.state.doc, name, path, value) }, `features.${name}.${path.join(".")}`);
  }

  /** Says all of it anew, if a case can be put together of it; else the fault. */
  async sayAll(doc) {
    const bench = this.#bench;
    let told;
    try {
      told = await bench.together(doc, stemOf(this.state.file.name), this.#options());
    } catch (error) {
      return error;
    }
    if (bench === this.#bench) {
      this.#step({ doc }, "");
      this.#have(told);
      await this.#keep("said", saidOf(this.state));
    }
    return undefined;
  }

  /** Which column was to be predicted (`label`), or tells groups (`group`); and which text of the label is the positive one (`positive`). */
  sayColumn(which, name) {
    // Each choice is a step: nothing is typed.
    this.#say({ [which]: name, ...(which === "label" && { positive: "" }) }, "");
  }

  #say(changes, path) {
    this.#step(changes, path);
    this.#soon();
  }

  /** Changes what is said, so that it can be taken back. */
  #step(changes, path) {
    const { past } = this.state;
    const now = performance.now();
    const isOneStep = path !== "" && path === this.#last.path && now - this.#last.at < ONE_STEP && past.length > 0;
    this.#last = { path, at: now };
    this.#set({ ...changes, past: isOneStep ? past : [...past.slice(1 - MOST_STEPS), saidOf(this.state)], future: [] });
  }

  undo() {
    this.#back("past", "future");
  }

  redo() {
    this.#back("future", "past");
  }

  #back(from, to) {
    const step = this.state[from].at(-1);
    if (step !== undefined) {
      this.#last = { path: "", at: 0 };
      this.#set({ ...step, [from]: this.state[from].slice(0, -1), [to]: [...this.state[to], saidOf(this.state)] });
      this.#soon();
    }
  }

  #soon() {
    clearTimeout(this.#timer);
    this.#set({ pending: true });
    this.#timer = setTimeout(() => {
      this.#together();
      this.#keep("said", saidOf(this.state));
    }, QUIET);
  }

  /** The columns that are told to the module. */
  #options() {
    const { label, positive, group, rows } = this.state;
    return { ...(label !== "" && { label }), ...(label !== "" && positive !== "" && { positive }), ...(label !== "" && group !== "" && rows.heldOut && { group }) };
  }

  async #together() {
    clearTimeout(this.#timer);
    const bench = this.#bench;
    const { doc, file } = this.state;
    this.#set({ pending: true });
    try {
      const told = await bench.together(doc, stemOf(file.name), this.#options());
      if (bench === this.#bench) {
        // A later one is on its way where something has been said meanwhile.
        this.#have(told, doc !== this.state.doc);
      }
    } catch (error) {
      if (bench === this.#bench) {
        this.#set({ fault: error, given: error.given ?? this.state.given, pending: false });
      }
    }
  }

  /** There is a case, put together. */
  #have(told, pending = false) {
    this.#set({ told, given: told.given, fault: undefined, pending, version: this.state.version + 1 });
  }

  /** A product of what was put together last: its bytes, or an object of a folder's files by name. */
  async make(product) {
    if (this.state.fault !== undefined) {
      throw new Refusal(this.state.fault);
    }
    return this.#bench.make(product);
  }

  /** Begins anew: what was kept is forgotten. */
  async reset() {
    this.cancel();
    clearTimeout(this.#timer);
    this.#bench?.stop();
    this.#bench = undefined;
    this.#set({ phase: "empty", file: undefined, options: undefined, about: undefined, told: undefined, fault: undefined, failure: undefined, given: {}, rows: {}, ...NOTHING_SAID, past: [], future: [] });
    await Promise.resolve(this.#placed).then(forgetAll, () => {});
  }
}

export const work = new Work();
