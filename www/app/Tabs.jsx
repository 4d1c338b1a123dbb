/** Tabs as the ARIA pattern has them: one stop for Tab, arrows between them. */
export function Tabs({ label, names, titles, chosen, choose }) {
  function move(event) {
    const inline = getComputedStyle(event.currentTarget).direction === "rtl" ? -1 : 1;
    const steps = { ArrowRight: inline, ArrowLeft: -inline, Home: -names.indexOf(chosen), End: names.length - 1 - names.indexOf(chosen) };
    if (!(event.key in steps)) {
      return;
    }
    event.preventDefault();
    const next = names[(names.indexOf(chosen) + steps[event.key] + names.length) % names.length];
    choose(next);
    document.getElementById(`tab-${next}`).focus();
  }
  return (
    <div class="tabs" role="tablist" aria-label={label} onKeyDown={move}>
      {names.map((name, index) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={`tab-${name}`}
          aria-controls={`place-${name}`}
          aria-selected={name === chosen}
          tabIndex={name === chosen ? 0 : -1}
          onClick={() => choose(name)}
        >
          {titles[index]}
        </button>
      ))}
    </div>
  );
}
