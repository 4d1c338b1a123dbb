/** Scripts of this very folder, and nothing else, may become workers: the one Trusted Types policy of the page. */
const isOwn = (address) => address.startsWith(new URL(".", document.baseURI).href);

function checked(address) {
  if (!isOwn(address)) {
    throw new TypeError(`${address} is no script of this page`);
  }
  return address;
}

const policy = globalThis.trustedTypes?.createPolicy("wardian", { createScriptURL: checked });

/** The address of a script beside the page, for `new Worker` and for registering a service worker. */
export function scriptAddress(name) {
  const { href } = new URL(name, document.baseURI);
  return policy === undefined ? checked(href) : policy.createScriptURL(href);
}
