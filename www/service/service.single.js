/** The single file has no service worker: a page from `file:` may not, and needs none to work offline. */

export const isSupported = false;
export const startService = async () => false;
export function update() {}

/** As in `service.js`. */
export function onControl(listener) {
  listener(false);
  return () => {};
}
