// Fresh consumers of the packed package: a folder each, with the tarball installed and nothing else.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const execute = promisify(execFile);
const here = fileURLToPath(new URL(".", import.meta.url));
export const PACKAGE = path.resolve(here, "../../target/package");
/** A pinned tool of `tests/package/package-lock.json`. */
export const tool = (name) => path.join(here, "node_modules/.bin", name);

/** Runs a program and gives what it printed; a failure says what it printed. */
export async function run(program, words, options) {
  try {
    const { stdout } = await execute(program, words, { maxBuffer: 1 << 26, timeout: 120_000, ...options });
    return stdout;
  } catch (error) {
    throw new Error(`${path.basename(program)} ${words.join(" ")}: ${error.message}\n${error.stdout}\n${error.stderr}`);
  }
}

let folder;
let tarball;

/** Packs what was built. */
export async function pack() {
  const folder = await ownFolder();
  const [{ filename, files }] = JSON.parse(await run("npm", ["pack", "--json", "--pack-destination", folder], { cwd: PACKAGE }));
  tarball = path.join(folder, filename);
  return { tarball, files: files.map((file) => file.path) };
}

/** Removes all consumers. */
export const cleanUp = () => rm(folder, { recursive: true, force: true });

/** A folder for what is packed in other ways. */
export async function ownFolder() {
  folder ??= await mkdtemp(path.join(os.tmpdir(), "wardian-consumers-"));
  return folder;
}

/** A folder with these files and the package installed, or others. */
export async function consumer(name, files, description = {}, packages = [tarball]) {
  const place = path.join(folder, name);
  await mkdir(place);
  await writeFile(path.join(place, "package.json"), JSON.stringify({ name, private: true, type: "module", ...description }));
  for (const [file, text] of Object.entries(files)) {
    await writeFile(path.join(place, file), text);
  }
  await run("npm", ["install", "--offline", "--no-audit", "--no-fund", "--no-package-lock", ...packages], { cwd: place });
  return place;
}

/** The texts of all files below a folder, but for source maps. */
export async function textsIn(place) {
  const names = await readdir(place, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  return Promise.all(files.map(async (file) => ({ file, bytes: await readFile(file) })));
}

/**
 * How many wasm modules there are in a folder: as files, or as texts with what escapes a bundler has given them, or in base64. In a
 * text another character may stand for the zero before `asm`.
 */
export async function modulesIn(place) {
  let count = 0;
  for (const { bytes } of await textsIn(place)) {
    count += bytes.toString("latin1").match(/asm(\x01|\\x01|\\u0001)|AGFzbQ/g)?.length ?? 0;
  }
  return count;
}
