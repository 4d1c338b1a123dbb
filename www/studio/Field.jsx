import { useId } from "preact/hooks";

/** A text that is said of the model: what holds without it stands in its place, pale. */
export function Text({ id, label, value, placeholder, say, help, isLong = false, ...rest }) {
  const own = useId();
  const Input = isLong ? "textarea" : "input";
  return (
    <label class="field">
      <span>{label}</span>
      <Input id={id} dir="auto" value={value ?? ""} placeholder={placeholder ?? ""} aria-describedby={help && own} onInput={({ target }) => say(target.value)} {...rest} />
      {help && <span class="help" id={own}>{help}</span>}
    </label>
  );
}

/** A number, or none. What is no number is not said. */
export function Numeric({ id, label, value, placeholder, say, ...rest }) {
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
        {...rest}
      />
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
