/** What is said of the model: the `case.json` that is edited, changed by paths, never in place. */

const isEmpty = (value) => value === undefined || value === "" || value === null || (typeof value === "object" && Object.keys(value).length === 0);

function changed(value, [key, ...rest], to) {
  if (key === undefined) {
    return to;
  }
  const isList = Array.isArray(value);
  const next = isList ? [...value] : { ...value };
  const own = Object.hasOwn(next, key) ? next[key] : undefined;
  const member = changed(own, rest, to);
  if (isEmpty(member) && !isList) {
    delete next[key];
  } else {
    // Names come from files: one may be `__proto__`.
    Object.defineProperty(next, key, { value: member, writable: true, enumerable: true, configurable: true });
  }
  return next;
}

/** The document with the value at a path of members changed; what is empty is left out. */
export const withValue = (doc, path, value) => changed(doc, path, value);

/** The value at a path; nothing where there is none. */
export const valueAt = (doc, path) => path.reduce((value, key) => (value !== null && typeof value === "object" && Object.hasOwn(value, key) ? value[key] : undefined), doc);

/** What is said of each feature; what another version has kept may be anything. */
const featuresOf = ({ features }) => (Array.isArray(features) ? features : []);

/** What is said of a feature. */
export const featureOf = (doc, name) => featuresOf(doc).find((feature) => feature?.name === name) ?? {};

/** The document with something said of a feature. */
export function withFeature(doc, name, path, value) {
  const { name: _, ...rest } = changed(featureOf(doc, name), path, value);
  const others = featuresOf(doc);
  const place = others.findIndex((feature) => feature.name === name);
  const features = place < 0 ? [...others, { name, ...rest }] : others.with(place, { name, ...rest });
  return changed(doc, ["features"], features.filter((feature) => Object.keys(feature).length > 1));
}
