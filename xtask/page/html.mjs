// The page's one HTML file, in both deliveries, with the security policy that goes with what is in it. What it says of a model is set
// into it when a case is sealed: in the places that are called `@@…@@`.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { www } from "./bundle.mjs";

/** What CSP and `integrity` call a hash. */
export const integrityOf = (content) => `sha256-${createHash("sha256").update(content).digest("base64")}`;

/** What both deliveries are allowed: nothing that is not named, and no text that becomes a script unseen. */
const STRICT = ["base-uri 'none'", "form-action 'none'", "require-trusted-types-for 'script'", "trusted-types wardian"];

const policy = (directives) =>
  `<meta http-equiv="Content-Security-Policy" content="${["default-src 'none'", ...directives, ...STRICT].join("; ")}">`;

function filled(policyTag, tags, name = "index.html") {
  const template = readFileSync(path.join(www, name), "utf8");
  const parts = { "the security policy": policyTag, "icons, styles, scripts": tags.join("\n  ") };
  return template.replace(/<!-- built: (.*) -->/g, (_, part) => {
    if (parts[part] === undefined) {
      throw new Error(`the page's HTML asks for "${part}", which the build does not know`);
    }
    return parts[part];
  });
}

/**
 * The HTML of the page in many files. `scripts` is the entry and what it imports before it can run, `mapped` the scripts
 * of `npm/` with the addresses that the page knows them by; both carry `{ file, integrity }`.
 */
export function filesHtml({ style, scripts, mapped, integrity }) {
  const map = JSON.stringify({
    imports: Object.fromEntries(mapped.map(({ name, file }) => [`./${name}`, `./${file}`])),
    integrity: Object.fromEntries(Object.entries(integrity).map(([file, hash]) => [`./${file}`, hash])),
  });
  const [entry, ...needed] = scripts;
  return filled(
    policy([
      `script-src 'self' '${integrityOf(map)}' 'wasm-unsafe-eval'`,
      "style-src 'self'@@style-hash@@",
      ...["img-src", "connect-src", "manifest-src", "worker-src"].map((directive) => `${directive} 'self'`),
    ]),
    [
      `<script type="importmap">${map}</script>`,
      `<link rel="stylesheet" href="${style.file}" integrity="${style.integrity}">`,
      ...needed.map(({ file, integrity: hash }) => `<link rel="modulepreload" href="${file}" integrity="${hash}">`),
      "@@preload@@",
      `<script type="module" src="${entry.file}" integrity="${entry.integrity}"></script>`,
      `<link rel="icon" href="icon.svg" type="image/svg+xml">`,
      `<link rel="apple-touch-icon" href="icon-192.png">`,
      `<link rel="manifest" href="manifest.webmanifest">`,
      "@@style@@",
      "@@data@@",
    ],
  );
}

/** The HTML of the page in one file: it may connect to nothing at all. `blocks` are bytes by name, which it unpacks when it needs them. */
export function singleHtml({ script, style, icon, blocks }) {
  return filled(
    policy([
      `script-src '${integrityOf(script)}' 'wasm-unsafe-eval'`,
      `style-src '${integrityOf(style)}'@@style-hash@@`,
      "img-src data:",
      "worker-src blob:",
      "connect-src 'none'",
    ]),
    [
      `<link rel="icon" href="data:image/svg+xml;base64,${Buffer.from(icon).toString("base64")}">`,
      `<style>${style}</style>`,
      "@@style@@",
      "@@data@@",
      ...Object.entries(blocks).map(([name, packed]) => `<script type="application/gzip" id="${name}">${packed.toString("base64")}</script>`),
      `<script type="module">${script}</script>`,
    ],
  );
}

const STUDIO = "studio/index.html";

/**
 * What the studio is allowed beside its own: a preview is the very page in one file, in a frame, which is bound by the studio's policy and by
 * its own. So the studio allows the hash of that page's script; and styles by no hash, as each page has one of its accent, which its own
 * policy names.
 */
const framed = (pageHtml) => {
  const hashes = [...pageHtml.match(/script-src ([^;]*)/)[1].matchAll(/'sha256-[^']+'/g)].map(([hash]) => hash);
  return { scripts: hashes.join(" "), rest: ["style-src 'self' 'unsafe-inline'", "frame-src blob:"] };
};

/** The HTML of the studio in many files. `pageHtml` is the shell's page in one file. */
export function studioHtml({ style, entry, soon, integrity, pageHtml }) {
  const { scripts, rest } = framed(pageHtml);
  const map = JSON.stringify({ integrity: Object.fromEntries(Object.entries(integrity).map(([file, hash]) => [`./${file}`, hash])) });
  return filled(
    policy([
      `script-src 'self' '${integrityOf(map)}' ${scripts} 'wasm-unsafe-eval'`,
      ...rest,
      "img-src 'self' data:",
      "worker-src 'self' blob:",
      ...["connect-src", "manifest-src"].map((directive) => `${directive} 'self'`),
    ]),
    [
      `<script type="importmap">${map}</script>`,
      `<link rel="stylesheet" href="${style.file}" integrity="${style.integrity}">`,
      ...soon.map(({ file, integrity: hash }) => `<link rel="modulepreload" href="${file}" integrity="${hash}">`),
      `<script type="module" src="${entry.file}" integrity="${entry.integrity}"></script>`,
      `<link rel="icon" href="icon.svg" type="image/svg+xml">`,
      `<link rel="apple-touch-icon" href="icon-192.png">`,
      `<link rel="manifest" href="manifest.webmanifest">`,
    ],
    STUDIO,
  );
}

/** The HTML of the studio in one file; `blocks` are bytes by name that gzip has packed. */
export function studioSingleHtml({ script, style, icon, blocks, pageHtml }) {
  const { scripts, rest } = framed(pageHtml);
  return filled(
    policy([`script-src '${integrityOf(script)}' ${scripts} 'wasm-unsafe-eval'`, ...rest, "img-src data:", "worker-src blob:", "connect-src 'none'"]),
    [
      `<link rel="icon" href="data:image/svg+xml;base64,${Buffer.from(icon).toString("base64")}">`,
      `<style>${style}</style>`,
      ...Object.entries(blocks).map(([name, packed]) => `<script type="application/gzip" id="${name}">${packed.toString("base64")}</script>`),
      `<script type="module">${script}</script>`,
    ],
    STUDIO,
  );
}
