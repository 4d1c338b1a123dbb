/** The documents of the case that this page was sealed around, as files beside it. In the single file `documents.single.js` stands here. */

const { page, files } = JSON.parse(document.getElementById("case").textContent);

/** What the first screen needs, in the case's own language. */
export const ownPage = page;

/** A file of the case. The browser refuses other bytes than those that were sealed. */
const fetched = ({ file, integrity }) => fetch(new URL(file, document.baseURI), { integrity });

/** A document by its key: `page.zh`, `about.en`, `golden`, `columns`, `openapi`. */
export const documentOf = async (key) => (await fetched(files[key])).json();

/** The model's file; nothing where the module has it inside. */
export const modelBytes = async () => files.model && new Uint8Array(await (await fetched(files.model)).arrayBuffer());
