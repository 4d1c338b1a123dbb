// Every link in the repository's Markdown leads to a file that is there, and every anchor to a heading.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { ROOT, anchorsOf, documents, linksOf, textOf } from "./documents.mjs";

/** What is wrong with the links of a document. */
function dead(name, text) {
  return linksOf(text).flatMap((link) => {
    const [place, anchor] = link.split("#");
    const file = place === "" ? name : path.posix.normalize(path.posix.join(path.posix.dirname(name), decodeURIComponent(place)));
    if (!existsSync(path.join(ROOT, file))) {
      return [`${name}: ${link}: there is no ${file}`];
    }
    const isHeading = anchor === undefined || !file.endsWith(".md") || anchorsOf(textOf(file)).includes(anchor);
    return isHeading ? [] : [`${name}: ${link}: ${file} has no heading for it`];
  });
}

test("links between the repository's documents are alive", () => {
  const names = documents();
  // Templates' links have parts that are filled in, and stand elsewhere then.
  const read = names.filter((name) => !/template/.test(name));
  assert.ok(read.length > 30 && read.includes("README.md") && read.includes("docs/CASE.md"), read.join());
  assert.deepEqual(read.flatMap((name) => dead(name, textOf(name))), []);
});

test("a dead link and a dead anchor are found", () => {
  const said = dead("docs/CASE.md", "[a](ROWS.md) [b](GONE.md) [c](ROWS.md#how) [d](#no-such) `[e](code.md)` [f](https://g.h/i.md)");
  assert.deepEqual(said, ["docs/CASE.md: GONE.md: there is no docs/GONE.md", "docs/CASE.md: #no-such: docs/CASE.md has no heading for it"]);
});
