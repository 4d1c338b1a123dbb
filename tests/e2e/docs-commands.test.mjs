// Every command that a document tells its reader to type runs, or stands in a list here with the reason why not.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { ROOT, blocksOf, commandsOf, documents, textOf } from "./documents.mjs";

const scratch = mkdtempSync(path.join(tmpdir(), "wardian-documents-"));
after(() => rmSync(scratch, { recursive: true }));

/** What is not run here, and why. A cargo xtask command is looked up in the program instead: see below. */
const NOT_RUN = [
  [/^cargo install --path \. --features (columnar|cli)$/, "builds for minutes what WARDIAN_COMMAND is already"],
  [/^cargo (build|test|clippy|fmt|doc|run|deny|package)\b/, "the steps of cargo xtask test"],
  [/^npm install wardian$/, "asks the registry"],
  [/^pip install /, "xtask/src/wheels.rs installs the wheels"],
  [/^python -m wardian /, "python/tests/plain/test_docs.py runs it, with the wheels"],
  [/^(npx wardian serve|curl) /, "service.test.mjs asks it"],
  [/^(npm (ci|start|run build|install --no-save \.\/risk-1\.0\.0\.tgz)$|wardian seal \.\.\/\.\.\/models\/)/, "tests/package/examples.test.mjs types it"],
  [/^python3 -m http\.server /, "serves; tests/package/examples.test.mjs serves the same folder"],
  [/^npx wrangler (dev|deploy)$/, "asks Cloudflare; tests/package/examples.test.mjs asks the worker in workerd"],
  [/^((SPARK_REMOTE=\S+ )?python score\.py\b|spark-submit |jupyter notebook )/, "python/tests/examples/test_examples.py runs what it starts"],
  [/^clickhouse-client /, "asks a server; python/tests/examples/test_examples.py runs the same scripts in chDB"],
  [/^git clone /, "this is one"],
  [/ R CMD SHLIB /, "xtask/src/r.rs runs it, where there is R"],
];

const TASKS = readFileSync(`${ROOT}xtask/src/main.rs`, "utf8");
/** The tasks that xtask knows: the variants of its `Command`, as clap writes them. */
const tasks = [...TASKS.split("enum Command {")[1].split("\n}")[0].matchAll(/^ {4}([A-Z]\w+)[ ({,]/gm)].map(([, name]) =>
  name.replace(/(?<!^)[A-Z]/g, "-$&").toLowerCase(),
);

/** What documents call files, and which file of the repository that is. */
const GIVEN = {
  models: "models",
  target: "target",
  "model.ubj": "models/diabetes/diabetes.ubj",
  "schema.json": "models/diabetes/schema.json",
  "data.csv": "models/diabetes/pima-indians-diabetes.csv",
  "forest.joblib": "tests/golden/trainers/iris-forest.joblib",
};

/** A folder with what the documents' commands are given. */
function desk() {
  const folder = mkdtempSync(path.join(scratch, "desk-"));
  const bin = path.join(folder, "bin");
  mkdirSync(bin);
  symlinkSync(process.env.WARDIAN_COMMAND, path.join(bin, "wardian"));
  // The package's own command, as npx finds it where the package is installed.
  writeFileSync(path.join(bin, "npx"), `#!/bin/sh\nshift\nexec "${process.execPath}" "${ROOT}target/package/bin.js" "$@"\n`, { mode: 0o755 });
  for (const [name, original] of Object.entries(GIVEN)) {
    // A file is a copy: the program calls a link by the name of what it leads to.
    (/\./.test(name) ? copyFileSync : symlinkSync)(ROOT + original, path.join(folder, name));
  }
  const write = (name, lines) => writeFileSync(path.join(folder, name), `${lines.join("\n")}\n`);
  // Zeros that are no measurements are left out, as in training: no file of XGBoost's says that they are missing.
  const lines = (name) => readFileSync(`${ROOT}models/diabetes/${name}`, "utf8").trim().split("\n");
  const measured = (line) => line.split(",").map((cell, place) => (place >= 1 && place <= 5 && Number(cell) === 0 ? "" : cell));
  const [names, ...people] = lines("pima-indians-diabetes.csv").map(measured);
  const features = names.slice(0, 8);
  write("rows.csv", [[...features, "y", "log_exposure"], ...people.slice(0, 20).map((cells, place) => [...cells, place / 10])].map((cells) => cells.join()));
  write("test.csv", [[...features, "y"], ...people.slice(100, 300)].map((cells) => cells.join()));
  write("people.csv", [features, ...people.slice(0, 20).map((cells) => cells.slice(0, 8))].map((cells) => cells.join()));
  write("answers.csv", lines("golden.csv").slice(0, 21).map((line) => line.split(",").at(-1)));
  for (const name of ["people", "rows"]) {
    assert.equal(ran(folder, `wardian predict --csv ${name}.csv --with-rows -o ${name}.parquet`).status, 0, name);
  }
  return folder;
}

/** What a command says in a folder. */
function ran(folder, command) {
  const env = { ...process.env, PATH: `${path.join(folder, "bin")}:${process.env.PATH}`, npm_config_offline: "true", npm_config_audit: "false", npm_config_fund: "false" };
  return spawnSync("sh", ["-c", command], { cwd: folder, encoding: "utf8", env, timeout: 120_000 });
}

/** Figures differ between models, and times between runs; of JSON every digit counts. */
const withoutFigures = (line) => (line.startsWith("{") ? line : line.replace(/\d[\d.,]*/g, "0")).trim();

const documented = documents()
  .filter((name) => !/template|^tests\//.test(name))
  .map((name) => ({ name, blocks: blocksOf(textOf(name)).filter(({ language }) => ["console", "sh", "bash", "shell"].includes(language)) }))
  .filter(({ blocks }) => blocks.length > 0);

test("there are documents with commands, and consoles are all called that", () => {
  const names = documented.map(({ name }) => name);
  assert.ok(["README.md", "docs/TRAINING.md", "docs/start/command-line.md"].every((name) => names.includes(name)), names.join());
  assert.deepEqual(documented.filter(({ blocks }) => blocks.some(({ language }) => language !== "console")).map(({ name }) => name), []);
  assert.ok(tasks.includes("demo") && tasks.includes("bench-service"), tasks.join());
});

for (const { name, blocks } of documented) {
  test(`the commands of ${name} run`, () => {
    const folder = desk();
    let run = 0;
    for (const { command, said } of blocks.flatMap(({ code }) => commandsOf(code))) {
      const task = /^cargo xtask ([\w-]+)/.exec(command)?.[1];
      if (task !== undefined) {
        assert.ok(tasks.includes(task), `${command}: xtask has no ${task}`);
        continue;
      }
      if (NOT_RUN.some(([pattern]) => pattern.test(command))) {
        continue;
      }
      const { status, stdout, stderr } = ran(folder, command);
      assert.equal(status, 0, `${command}\n${stdout}${stderr}`);
      const lines = `${stdout}\n${stderr}`.split("\n").map(withoutFigures);
      for (const line of said) {
        assert.ok(lines.some((own) => own.startsWith(withoutFigures(line))), `${command}: it does not say ${line}\n${stdout}${stderr}`);
      }
      run += 1;
    }
    if (name === "docs/start/command-line.md") {
      assert.ok(run >= 7, `${run} commands ran`);
    }
  });
}

test("JavaScript's first steps come out as they are written", () => {
  const folder = desk();
  for (const { language, code } of blocksOf(textOf("docs/start/npm.md"))) {
    if (language === "console") {
      for (const { command } of commandsOf(code).filter(({ command }) => !command.startsWith("cargo"))) {
        const { status, stderr } = ran(folder, command);
        assert.equal(status, 0, `${command}\n${stderr}`);
      }
    } else if (language === "js") {
      // An expression with a number behind it is that number.
      const checked = code.replace(/^(.*); \/\/ ([\d.]+)$/gm, "equal($1, $2);");
      writeFileSync(path.join(folder, "program.mjs"), `import { equal } from "node:assert/strict";\n${checked}`);
      const { status, stderr } = ran(folder, `"${process.execPath}" program.mjs`);
      assert.equal(status, 0, `${code}\n${stderr}`);
    }
  }
});
