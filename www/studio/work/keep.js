/**
 * What the studio keeps on this device, so that nothing is lost when the page is closed: the files and what is said of them. Each tab keeps its
 * own in a place that no other tab has meanwhile, and comes back to it when it is loaded again.
 */
import { createStore, delMany, getMany, keys, set } from "idb-keyval";

let store;
const own = () => (store ??= createStore("wardian-studio", "work"));

const NAMES = ["model", "data", "predictions", "heldOut", "said"];
/** How many tabs keep something at a time. */
const PLACES = 8;
/** What the tab remembers its place by. */
const REMEMBERED = "wardian-studio-place";
/** How often, and how many milliseconds apart, a tab that is loaded again asks for its place: its own page before may still have it. */
const TRIES = 8;
const APART = 60;

/** Which place this tab has; the first one's names are as they were when there was one alone. */
let place = 0;
const called = (name, number = place) => (number === 0 ? name : `${number}/${name}`);

/** Whether this tab has a place from now on, until it is closed. */
const hold = (number) =>
  new Promise((resolve) => {
    const lock = (held) => {
      resolve(held !== null);
      return held === null ? undefined : new Promise(() => {});
    };
    navigator.locks.request(`wardian-studio-${number}`, { ifAvailable: true }, lock).catch(() => resolve(false));
  });

async function holdAgain(number) {
  for (let count = 0; count < TRIES; count += 1) {
    if (await hold(number)) {
      return true;
    }
    await new Promise((resolve) => setTimeout(resolve, APART));
  }
  return false;
}

function remembered() {
  try {
    const number = Number.parseInt(sessionStorage.getItem(REMEMBERED), 10);
    return number >= 0 && number < PLACES ? number : undefined;
  } catch {
    return undefined;
  }
}

/** The first place that can be had: that which the tab had before, else one with work that was left, else an empty one. */
async function taken(full) {
  const before = remembered();
  if (before !== undefined && (await holdAgain(before))) {
    return before;
  }
  const all = Array.from({ length: PLACES }, (_, number) => number);
  for (const number of all.toSorted((one, other) => full.includes(other) - full.includes(one))) {
    if (await hold(number)) {
      return number;
    }
  }
  return undefined;
}

/**
 * Takes a place for this tab: `{ others, left }`, whether other tabs have one, and whether there is work in one that no tab has. Rejects where the
 * browser keeps nothing, or so many tabs are open that there is none.
 */
export async function takePlace() {
  const kept = await keys(own());
  const full = Array.from({ length: PLACES }, (_, number) => number).filter((number) => kept.includes(called("model", number)));
  // An old browser, or a page that is not secure: as if there were one tab alone.
  if (navigator.locks === undefined) {
    return { others: false, left: false };
  }
  const number = await taken(full);
  if (number === undefined) {
    throw new Error("no place is left");
  }
  place = number;
  try {
    sessionStorage.setItem(REMEMBERED, String(number));
  } catch {
    // It is not remembered: another place with work is as good.
  }
  const { held } = await navigator.locks.query();
  const busy = held.map(({ name }) => /^wardian-studio-(\d)$/.exec(name)?.[1]).filter(Boolean).map(Number);
  return { others: busy.some((each) => each !== number), left: full.some((each) => each !== number && !busy.includes(each)) };
}

/** All that is kept in this tab's place: `{ model, data, predictions, heldOut, said }`, each nothing where there is none. */
export async function recallAll() {
  const found = await getMany(NAMES.map((name) => called(name)), own());
  return Object.fromEntries(NAMES.map((name, index) => [name, found[index]]));
}

/** Keeps one of these, or forgets it. Resolves to whether that could be done: a private window or a full disk keeps nothing. */
export async function keep(name, value) {
  try {
    await (value === undefined ? delMany([called(name)], own()) : set(called(name), value, own()));
    return true;
  } catch {
    return false;
  }
}

/** Forgets everything of this tab's. */
export async function forgetAll() {
  try {
    await delMany(NAMES.map((name) => called(name)), own());
  } catch {
    // There was nothing kept.
  }
}
