/** The studio's service worker: keeps the studio for use offline. */
import { cleanupOutdatedCaches, precacheAndRoute } from "workbox-precaching";

self.addEventListener("message", ({ data }) => {
  if (data === "take over") {
    self.skipWaiting();
  }
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// A static file is the same whatever is asked after its name.
precacheAndRoute(BUILD.precache, { ignoreURLParametersMatching: [/^/], cleanURLs: false });
cleanupOutdatedCaches();
