// `wardian serve` and the Flask service under load, in one run: each has one core, the load another. Writes a page of docs.
//
//   node benches/service.mjs PYTHON PACKAGE-FOLDER OUTPUT
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import autocannon from "autocannon";

const [python, packed, output] = process.argv.slice(2);
const ORACLE = fileURLToPath(new URL("../tests/oracle", import.meta.url));
const [SERVING_CORE, LOADING_CORE] = ["0", "1"];
const ROUNDS = 3;
const SECONDS = 4;
const CONNECTIONS = 10;
const PATH = "/katana-ml/api/v1.0/diabetes";
const REQUEST = {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: '{"data":"1,106,70,28,135,34.2,0.142,22"}',
};
const ANSWER = '{"prediction":0.10455212}';

const gunicorn = (port, ...more) => [python, "-m", "gunicorn", "--chdir", ORACLE, "--bind", `127.0.0.1:${port}`, "--workers", "1", ...more, "reference_service:app"];
const CONTENDERS = {
  "wardian serve": (port) => [process.execPath, path.join(packed, "bin.js"), "serve", "--port", port],
  "Flask, gunicorn, one worker": (port) => gunicorn(port),
  "Flask, gunicorn, one worker of ten threads": (port) => gunicorn(port, "--threads", String(CONNECTIONS)),
};

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

async function answers(url) {
  for (let patience = 300; patience > 0; patience -= 1) {
    const answer = await fetch(url, REQUEST).then((response) => response.text(), () => undefined);
    if (answer !== undefined) {
      return answer;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${url} does not answer`);
}

/** Requests a second and the 99th percentile in milliseconds. */
async function measured(command) {
  const port = await freePort();
  const service = spawn("taskset", ["-c", SERVING_CORE, ...command(String(port))], { stdio: ["ignore", "ignore", "ignore"] });
  const ended = new Promise((resolve) => service.once("exit", resolve));
  try {
    const url = `http://127.0.0.1:${port}${PATH}`;
    const answer = await answers(url);
    if (answer !== ANSWER) {
      throw new Error(`${answer} is not the answer`);
    }
    const load = (duration) => autocannon({ url, ...REQUEST, connections: CONNECTIONS, duration, expectBody: ANSWER });
    await load(1);
    const { requests, latency, errors, mismatches, non2xx } = await load(SECONDS);
    if (errors + mismatches + non2xx > 0) {
      throw new Error(`${errors} errors, ${mismatches} wrong answers, ${non2xx} refusals`);
    }
    return { rate: requests.average, p99: latency.p99 };
  } finally {
    service.kill();
    await ended;
  }
}

// Each in turn, so that what else the machine does falls on all.
spawn("taskset", ["-pc", LOADING_CORE, String(process.pid)]);
const results = Object.fromEntries(Object.keys(CONTENDERS).map((name) => [name, []]));
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [name, command] of Object.entries(CONTENDERS)) {
    const result = await measured(command);
    console.log(`${name}: ${result.rate.toFixed(0)} a second, p99 ${result.p99} ms`);
    results[name].push(result);
  }
}
const median = (values) => values.toSorted((one, other) => one - other)[values.length >> 1];
const rows = Object.entries(results).map(([name, all]) => [name, median(all.map(({ rate }) => rate)), median(all.map(({ p99 }) => p99))]);
const [[, rate, p99]] = rows;
const versions = readFileSync(new URL("requirements-service.txt", import.meta.url), "utf8") + readFileSync(new URL("../models/diabetes/requirements.txt", import.meta.url), "utf8");
const version = (name) => new RegExp(`^${name}==(\\S+)$`, "m").exec(versions)[1];
const table = rows.map(([name, ours, tail]) => `| ${name} | ${ours.toFixed(0)} | ${(ours / rate).toFixed(3)}× | ${tail} | ${(tail / p99).toFixed(1)}× |`);
writeFileSync(
  output,
  `# The service under load

Written by \`cargo xtask bench-service\` on ${new Date().toISOString().slice(0, 10)}: ${os.cpus()[0].model.trim()}, Node ${process.version}, Flask ${version("flask")},
gunicorn ${version("gunicorn")}, scikit-learn ${version("scikit-learn")}, XGBoost ${version("xgboost")}. The service has one core, the load (autocannon, ${CONNECTIONS} connections) another;
medians of ${ROUNDS} rounds of ${SECONDS} s in which each takes its turn, every answer compared. Read the ratios.

| | requests a second | to ours | p99, ms | to ours |
|---|---:|---:|---:|---:|
${table.join("\n")}
`,
);
