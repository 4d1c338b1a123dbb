/** The one policy by which a script's address is trusted: files of the page's own folder, and blobs that it made itself. */

const own = new URL(".", document.baseURI);

function checked(address) {
  const url = new URL(address, own);
  const isOwn = url.origin === own.origin && url.pathname.startsWith(own.pathname) && url.protocol !== "file:";
  if (!isOwn && url.protocol !== "blob:") {
    throw new TypeError(`${url.href} is no script of this page`);
  }
  return url.href;
}

const policy = globalThis.trustedTypes?.createPolicy("wardian", { createScriptURL: checked });

/** The address of one of the page's own scripts, as `Worker` and `register` take it. */
export const scriptAddress = (address) => (policy ? policy.createScriptURL(address) : checked(address));
