// A contender is asked in a process of its own, by lines: `PEER MODEL KIND` on its standard input gives a line of JSON,
// `{"value":…}` or, where it cannot, `{"cannot":"why"}`. What can be asked of benches/native.rs, peers.py and node.mjs:
//
//   batch, one                seconds for a row of the model's rows together, or by itself
//   explain, explain-one      the same for contributions
//   rows-N                    seconds for a row of N rows, in blocks of a million at most
//   start                     { seconds, bytes }: what the model costs until its first answer
//   bits                      the share of answers with XGBoost's bits; ours fail where a margin has others
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** A process that is asked; its first line is its versions where `greets`. */
export async function worker([command, ...args], greets = false) {
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "ignore"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => JSON.parse((await lines.next()).value ?? '{"cannot":"it ended"}');
  return {
    versions: greets ? await next() : undefined,
    ask(line) {
      child.stdin.write(`${line}\n`);
      return next();
    },
    end: () => child.stdin.end(),
  };
}

/** What a fresh process answers to one line. */
export async function askFresh(command, line, greets) {
  const fresh = await worker(command, greets);
  const answer = await fresh.ask(line);
  fresh.end();
  return answer;
}
