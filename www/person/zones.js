/** Zones of the answer: bounds, and what to say in each. */

/** The zone that a number is in. A bound is the named zone's that it belongs to, or the upper one's. */
export function zoneOf(zones = [], value) {
  return zones.find((zone) => zone.to === undefined || value < zone.to || (value === zone.to && zone.name !== undefined));
}

/** The bounds between zones. */
export const boundsOf = (zones = []) => zones.map(({ to }) => to).filter((to) => to !== undefined);

/** The named zones, which are shaded: `{ name, low, high }` between `least` and `most`. */
export function shadesOf(zones = [], least, most) {
  const starts = [least, ...boundsOf(zones)];
  return zones.flatMap(({ name, to = most }, index) => (name === undefined ? [] : [{ name, low: Math.max(least, starts[index]), high: Math.min(most, to) }]));
}
