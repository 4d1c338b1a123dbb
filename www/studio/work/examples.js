/** Models to play with: files of the repository's cases. In the single file `examples.single.js` stands here. */

/** What there is: `{ model, rows, said }`, names of files and what is said of them. */
export const EXAMPLES = JSON.parse(BUILD.examples);

/** The file of this name. */
export async function exampleFile(name) {
  const response = await fetch(new URL(`examples/${name}`, document.baseURI));
  if (!response.ok) {
    throw new Error(`${name}: ${response.status}`);
  }
  return new File([await response.arrayBuffer()], name);
}
