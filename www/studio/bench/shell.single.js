/** The shell in a block inside the page. */

/** As in `shell.js`. It is packed already. */
export async function packedShell() {
  return Uint8Array.from(atob(document.getElementById("wardian.shell").textContent), (character) => character.charCodeAt(0));
}
