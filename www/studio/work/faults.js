/** Where on the page a fault stands that the program tells: beside a file, or at a field. */

/** What the program calls each kind of rows, and what is said of their columns: its options. */
const SLOTS = { "--data": "data", "--predictions": "predictions", "--held-out": "heldOut", "--group": "heldOut" };

/** The rows that a fault is of; nothing where it is of what is said. */
export function slotOf(fault, rows) {
  const [option] = (fault?.place ?? "").split(", ");
  if (Object.hasOwn(SLOTS, option)) {
    return SLOTS[option];
  }
  // The label's column is first that of the training data.
  return ["--label", "--positive"].includes(option) ? (rows.data === undefined ? "heldOut" : "data") : undefined;
}

const PLACE = /^features\[(\d+)\]\.(\w+)/;

/** The key of a field: `name`, `look.accent`, `classes.a`; of a feature its name and the member. */
export const keyOf = (...path) => JSON.stringify(path);

/** The fault of each field by its key, where the program tells places in `case.json`; what has no field is under none. */
export function byField({ faults = [] } = {}, doc) {
  const found = new Map();
  for (const fault of faults) {
    const [, index, member] = PLACE.exec(fault.place) ?? [];
    const key = index === undefined ? keyOf(fault.place) : keyOf("features", doc.features?.[index]?.name, member);
    found.set(key, found.get(key) ?? fault);
  }
  return found;
}
