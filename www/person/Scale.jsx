const at = (share) => ({ left: `${share * 100}%` });
const span = ([low, high]) => ({ left: `${low * 100}%`, width: `${(high - low) * 100}%` });

/**
 * Where an answer lies between two ends: shaded zones, an interval, a mean. `place` puts a number between 0 and 1; `ticks` are
 * numbers, which `write` writes.
 */
export function Scale({ value, interval, mean, shades, ticks, place, write }) {
  return (
    <div class="scale" dir="ltr" aria-hidden="true">
      <div class="track">
        {shades.map(({ name, low, high }) => <div key={name} class="grey-zone" style={span([place(low), place(high)])} />)}
        {interval && <div class="interval" style={span([place(interval.low), place(interval.high)])} />}
        {mean !== undefined && <div class="mean" style={at(place(mean))} />}
        {value !== undefined && <div class="marker" style={at(place(value))} />}
      </div>
      <div class="ticks">
        {ticks.map((tick, index) => <span key={tick} class={index === ticks.length - 1 ? "last" : ""} style={at(place(tick))}>{write(tick)}</span>)}
        {shades.map(({ name, low, high }) => <span key={name} class="zone-name" style={at(place((low + high) / 2))}>{name}</span>)}
      </div>
    </div>
  );
}
