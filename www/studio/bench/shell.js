/** What cases are set into: the page's and the package's shell, packed. In the single file `shell.single.js` stands here. */

/** Its bytes, a copy for whoever asks. */
export async function packedShell() {
  const { file, integrity } = BUILD.shell;
  const response = await fetch(new URL(file, document.baseURI), { integrity });
  return new Uint8Array(await response.arrayBuffer());
}
