// Run by `cargo xtask mutants-js`, which names the group.
import { group } from "./groups.mjs";

const folder = `target/mutants-js/${process.env.WARDIAN_MUTANTS}`;

export default {
  mutate: group().mutate.map((name) => `npm/${name}`),
  testRunner: "command",
  commandRunner: { command: "node --test-reporter=dot tests/mutants/run.mjs" },
  buildCommand: "node tests/mutants/assemble.mjs",
  checkers: [],
  plugins: [],
  reporters: ["progress-append-only", "clear-text", "json"],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false, reportScoreTable: true },
  jsonReporter: { fileName: `${folder}/report.json` },
  // assemble.mjs does that: the build needs them.
  symlinkNodeModules: false,
  tempDirName: `${folder}/copies`,
  ignorePatterns: ["/target", "/www/dist", "/fuzz", "/benches", "/docs/*.png", "/kernels", "/src"],
  // One process does not fill two cores: it waits for workers and services.
  concurrency: Number(process.env.WARDIAN_MUTANTS_AT_ONCE ?? 2),
  timeoutMS: 15_000,
  allowConsoleColors: false,
  disableTypeChecks: false,
  thresholds: { high: 90, low: 80, break: null },
};
