// The studio, opened for a test: files are given as a person gives them.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { unzipSync } from "../../www/node_modules/fflate/esm/index.mjs";

export const root = fileURLToPath(new URL("../..", import.meta.url));
export const folder = mkdtempSync(path.join(tmpdir(), "wardian-studio-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

/** Gives a file to one of the studio's inputs: a path, or `{ name, mimeType, buffer }`. */
export const give = (page, input, file) => page.locator(`#${input}`).setInputFiles(file);

/** Waits until the case is put together with all that was said. */
export async function together(page) {
  await page.locator("#take-single:not([disabled])").waitFor();
}

/** Opens a model's file, and waits until it may be taken away. */
export async function openModel(page, file) {
  await give(page, "model-file", file);
  await page.locator("#model-name").waitFor();
  await together(page);
}

/** A product's bytes, as the browser saves them. */
export async function take(page, key) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator(`#take-${key}`).click()]);
  const saved = path.join(folder, `saved-${download.suggestedFilename()}`);
  await download.saveAs(saved);
  return { name: download.suggestedFilename(), bytes: readFileSync(saved) };
}

/** The files of a zip, written to a new folder: where they are. */
export function unpacked({ bytes }, name) {
  const own = mkdtempSync(path.join(folder, "zip-"));
  for (const [file, content] of Object.entries(unzipSync(bytes))) {
    mkdirSync(path.dirname(path.join(own, file)), { recursive: true });
    writeFileSync(path.join(own, file), content);
  }
  return path.join(own, name);
}

/** All files of a folder and those in it, by their paths in it. */
export function filesIn(place) {
  const names = readdirSync(place, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(names.map((entry) => path.join(entry.parentPath, entry.name)).sort().map((file) => [path.relative(place, file), readFileSync(file)]));
}

/** What each product is called on the command line. */
const OUTPUTS = { single: "page.html", folder: "page/", package: "package.tgz", model: "model.wardian", module: "model.wasm", openapi: "openapi.json", card: "card.html" };

/** What `wardian seal` makes of a case: by the studio's names of products. */
export function sealed(given, options = []) {
  const own = mkdtempSync(path.join(folder, "sealed-"));
  const outputs = Object.values(OUTPUTS).flatMap((name) => ["-o", path.join(own, name) + (name.endsWith("/") ? "/" : "")]);
  execFileSync(process.env.WARDIAN_COMMAND, ["seal", given, ...options, ...outputs], { stdio: "pipe" });
  return Object.fromEntries(Object.entries(OUTPUTS).map(([key, name]) => [key, path.join(own, name)]));
}

/** The products that are not the same in the studio as from the command line, by name: none, as it should be. */
export async function differing(page, options = []) {
  const taken = await take(page, "case");
  const name = taken.name.replace(/-case\.zip$/, "");
  const expected = sealed(unpacked(taken, name), options);
  const found = [];
  for (const [key, place] of Object.entries(expected)) {
    const made = await take(page, key);
    const same =
      key === "folder"
        ? JSON.stringify(digests(filesIn(unpacked(made, name)))) === JSON.stringify(digests(filesIn(place)))
        : made.bytes.equals(readFileSync(place));
    if (!same) {
      found.push(key);
    }
  }
  return found;
}

const digests = (files) => Object.entries(files).map(([name, bytes]) => [name, bytes.toString("base64")]);
