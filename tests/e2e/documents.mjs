// The repository's Markdown: which files there are, their headings' anchors, links, and blocks of code.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));
export const SITE = `${ROOT}target/site`;

/** The Markdown files that git knows of, and those that it will; nothing that is installed or built. */
export const documents = () =>
  execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], { cwd: ROOT, encoding: "utf8" })
    .split("\n")
    .filter((name) => name !== "" && existsSync(ROOT + name));

export const textOf = (name) => readFileSync(ROOT + name, "utf8");

/** The text without what is code: nothing in it is a link or a heading. */
export const withoutCode = (text) => text.replace(/^( *)(```+|~~~+).*?^\1\2 *$/gms, "").replace(/(`+)[^`][\s\S]*?\1/g, (code) => code.replace(/[[\]()]/g, " "));

/** The anchors of a document's headings, as GitHub makes them. */
export function anchorsOf(text) {
  const seen = new Map();
  const headings = [...text.replace(/^( *)(```+).*?^\1\2 *$/gms, "").matchAll(/^#{1,6} +(.*?) *$/gm)].map(([, heading]) => heading);
  return headings.map((heading) => {
    const words = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/[*`]/g, "");
    const anchor = words.toLowerCase().replace(/[^\p{L}\p{N}\p{M} _-]/gu, "").replace(/ /g, "-");
    const count = seen.get(anchor) ?? 0;
    seen.set(anchor, count + 1);
    return count === 0 ? anchor : `${anchor}-${count}`;
  });
}

/** What a document links to and shows, `[…](here)`; addresses elsewhere are left out. */
export const linksOf = (text) =>
  [...withoutCode(text).matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)].map(([, link]) => link).filter((link) => !/^[a-z][a-z+.-]*:/i.test(link));

/** The blocks of code of a document in their order: `{ language, code }`. */
export const blocksOf = (text) => [...text.matchAll(/^```(\w+)\n(.*?)^```/gms)].map(([, language, code]) => ({ language, code }));

/** The commands of a block of a console, each with the lines that are said to come of it. */
export function commandsOf(code) {
  const commands = [];
  for (const line of code.replaceAll(/ \\\n\s*/g, " ").trimEnd().split("\n")) {
    if (line.startsWith("$ ")) {
      commands.push({ command: line.slice(2).replace(/\s+#\s.*$/, "").trim(), said: [] });
    } else {
      commands.at(-1).said.push(line);
    }
  }
  return commands;
}
