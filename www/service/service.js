/** The page's side of its service worker. In the single file `service.single.js` stands here. */
import { scriptAddress } from "../app/trusted.js";

let registration;

/** Whether this browser, at this address, has service workers at all: secure pages only, and not every private window. */
export const isSupported = "serviceWorker" in navigator;

/**
 * Installs the service worker, and calls `onUpdate` whenever a newer one than the page's has been fetched and waits.
 * Resolves to whether the page works offline from now on.
 */
export async function startService(onUpdate) {
  if (!isSupported) {
    return false;
  }
  registration = await navigator.serviceWorker.register(scriptAddress("service-worker.js"), { updateViaCache: "none" });
  const look = (worker) => {
    const heard = () => worker.state === "installed" && navigator.serviceWorker.controller && onUpdate();
    worker?.addEventListener("statechange", heard);
  };
  if (registration.waiting && navigator.serviceWorker.controller) {
    onUpdate();
  }
  look(registration.installing);
  registration.addEventListener("updatefound", () => look(registration.installing));
  await navigator.serviceWorker.ready;
  return true;
}

/** Lets the newer service worker take over, and loads the newer page. What was typed is kept by the form. */
export function update() {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  registration.waiting?.postMessage("take over");
}

/** Calls `listener` with whether requests are answered by the service worker, now and when that changes. */
export function onControl(listener) {
  const tell = () => listener(navigator.serviceWorker?.controller !== null && isSupported);
  tell();
  navigator.serviceWorker?.addEventListener("controllerchange", tell);
  return () => navigator.serviceWorker?.removeEventListener("controllerchange", tell);
}
