// Cases, sealed by the command that is under test.
import { execFileSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** Where a case of the repository is. */
export const ofRepository = (name) => fileURLToPath(new URL(`../../models/${name}`, import.meta.url));

/** Seals a case into a folder; where its page is. `WARDIAN_SHELL` is another shell than the command's own. */
export function seal(from, to) {
  const shell = process.env.WARDIAN_SHELL === undefined ? [] : ["--shell", process.env.WARDIAN_SHELL];
  execFileSync(process.env.WARDIAN_COMMAND, ["seal", from, ...shell, "-o", `${path.join(to)}/`], { stdio: "pipe" });
  return to;
}
