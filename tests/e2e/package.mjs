// The built package in Node: its scripts, the command line as a process, and the REST contract on a port.
import { execFile, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export const PACKAGE = new URL("../../target/package/", import.meta.url);
const BIN = fileURLToPath(new URL("bin.js", PACKAGE));

/** The module `name` of the package. */
export const script = (name) => import(new URL(name, PACKAGE));

/** The shipped model, in this process. */
export async function shippedModel() {
  const { loadSync, shippedModel } = await script("wardian.js");
  loadSync(readFileSync(new URL("engine_bg.wasm", PACKAGE)));
  return shippedModel();
}

/** What a program says to these arguments: `{ status, stdout, stderr }`. */
const said = (program, words, options) =>
  new Promise((resolve) => {
    execFile(program, words, options, (error, stdout, stderr) => resolve({ status: error?.code ?? 0, stdout, stderr }));
  });

/** What `npx wardian` says. */
export const wardian = (...words) => said(process.execPath, [BIN, ...words]);
/** What the Rust program says. */
export const rust = (...words) => said(process.env.WARDIAN_COMMAND, words);

/** `npx wardian serve` on a free port; `end()` asks it to stop and gives what it ended with. */
export async function startService() {
  const service = spawn(process.execPath, [BIN, "serve", "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => service.once("exit", (code, signal) => resolve({ code, signal })));
  const [line] = await Promise.race([
    new Promise((resolve) => createInterface(service.stdout).once("line", (line) => resolve([line]))),
    ended.then(() => []),
  ]);
  const origin = /^listening on (http:\S+)$/.exec(line)?.[1];
  if (origin === undefined) {
    throw new Error(`the service said ${line}`);
  }
  const end = () => {
    service.kill("SIGTERM");
    return ended;
  };
  return { origin, end };
}
