import { useId } from "preact/hooks";
import { useLanguage } from "../../i18n/index.js";
import { sayFault } from "./Fault.jsx";

/** What is wrong with what a field says, below it. */
export function Wrong({ id, fault }) {
  const language = useLanguage();
  return fault === undefined ? null : <span class="failure wrong" id={id} dir="auto">{sayFault(fault, language)}</span>;
}

/** What a field's input has if there is a fault: `own` is the fault's id, beside others that describe it. */
const marks = (fault, own, ...others) => {
  const ids = [...others, fault && own].filter(Boolean);
  return { "aria-invalid": fault !== undefined, "aria-describedby": ids.length > 0 ? ids.join(" ") : undefined };
};

/** A text that is said of the model: what holds without it stands in its place, pale. */
export function Text({ id, label, value, placeholder, say, help, fault, isLong = false, ...rest }) {
  const own = useId();
  const wrong = useId();
  const Input = isLong ? "textarea" : "input";
  return (
    <label class="field">
      <span>{label}</span>
      <Input id={id} dir="auto" value={value ?? ""} placeholder={placeholder ?? ""} {...marks(fault, wrong, help && own)} onInput={({ target }) => say(target.value)} {...rest} />
      {help && <span class="help" id={own}>{help}</span>}
      <Wrong id={wrong} fault={fault} />
    </label>
  );
}

/** A number, or none. What is no number is not said. */
export function Numeric({ id, label, value, placeholder, say, fault, ...rest }) {
  const wrong = useId();
  return (
    <label class="field">
      <span>{label}</span>
      <input
        id={id}
        type="number"
        step="any"
        value={value ?? ""}
        placeholder={placeholder ?? ""}
        onInput={({ target }) => !target.validity.badInput && say(target.value === "" ? undefined : target.valueAsNumber)}
        {...marks(fault, wrong)}
        {...rest}
      />
      <Wrong id={wrong} fault={fault} />
    </label>
  );
}

/** One of several; the first is what holds if nothing is said. */
export function Choice({ id, label, value, choices, say }) {
  return (
    <label class="field">
      <span>{label}</span>
      <select id={id} value={value ?? ""} onChange={({ target }) => say(target.value === "" ? undefined : target.value)}>
        {choices.map(([name, text]) => <option key={name} value={name}>{text}</option>)}
      </select>
    </label>
  );
}
