/** Workers of the single file: the page's own script becomes a file of the browser's, in which `single.js` does a worker's work. */

// What the page made of its own parts, and nothing that has another address.
const policy = globalThis.trustedTypes?.createPolicy("wardian", { createScriptURL: checked });

function checked(address) {
  if (!address.startsWith("blob:")) {
    throw new TypeError(`${address} is no script of this page`);
  }
  return address;
}

/** As in `worker.js`. */
export function startWorker(name) {
  const script = document.querySelector('script[type="module"]').textContent;
  // A page from a disk may start no module as a worker: of a script that imports and exports nothing this is the same.
  const classic = `"use strict";(async()=>{${script}\n})()`;
  const address = URL.createObjectURL(new Blob([classic], { type: "text/javascript" }));
  const worker = new Worker(policy === undefined ? address : policy.createScriptURL(address), { name });
  // A worker that has begun to load keeps its script; WebKit looks the address up later than it says.
  worker.addEventListener("message", () => URL.revokeObjectURL(address), { once: true });
  return worker;
}
