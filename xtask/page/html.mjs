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

function filled(policyTag, tags) {
  const template = readFileSync(path.join(www, "index.html"), "utf8");
  const parts = { "the security policy": policyTag, "icons, styles, scripts": tags.join("\n  ") };
  return template.replace(/<!-- built: (.*) -->/g, (_, name) => {
    if (parts[name] === undefined) {
      throw new Error(`www/index.html asks for "${name}", which the build does not know`);
    }
    return parts[name];
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
