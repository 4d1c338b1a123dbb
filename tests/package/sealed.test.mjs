// Packages that `wardian seal` makes, in fresh consumers. Each asserts the trainer's answers, bit for bit.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { EXAMPLE, example } from "../e2e/golden.mjs";
import { cleanUp, consumer, modulesIn, ownFolder, run, tool } from "./consumer.mjs";
import { BUNDLERS, MAIN, askAll, inBrowser, inWorkerd, sizeOf } from "./runtimes.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const COMMAND = process.env.WARDIAN_COMMAND ?? path.join(root, "target/debug/wardian");
const iris = JSON.parse(readFileSync(path.join(root, "tests/golden/trainers/iris-lightgbm.json"), "utf8"));

/** What is sealed, and what its trainer answers to one row. */
const SUBJECTS = [
  {
    name: "@clinic/risk",
    from: ["models/diabetes", "--name", "@clinic/risk"],
    row: EXAMPLE.split(",").map(Number),
    prediction: [example.probability],
    label: null,
    rest: "/katana-ml/api/v1.0/diabetes",
    kind: "risk",
    type: "number",
    body: '{"prediction":0.10455212}',
  },
  {
    name: "iris",
    from: ["tests/golden/trainers/iris-lightgbm.pickle", "--name", "iris"],
    row: iris.rows[1],
    prediction: iris.answers[1],
    label: iris.labels[1],
    rest: "/api/v1.0/iris",
    kind: "classes",
    type: "number[]",
    body: `{"prediction":[${iris.answers[1].join(",")}],"label":"${iris.labels[1]}"}`,
  },
];

/** Names that would end what they are written into, if that let them. */
const HOSTILE = ['a"b', "c*/d", "e'f", "</script>", "g`${h}", "日本\u2028", "\\", "@@name@@"];

/** Packages of which Node and TypeScript alone are asked. */
const NAMED = [
  {
    name: "hostile",
    from: async (folder) => {
      const file = path.join(folder, "hostile.json");
      const model = JSON.parse(readFileSync(path.join(root, "models/diabetes/diabetes.json"), "utf8"));
      model.learner.feature_names = HOSTILE;
      writeFileSync(file, JSON.stringify(model));
      return [file, "--title", "*/ ${1} </script> | `@@name@@`", "--name", "hostile"];
    },
    source: `
      import { explain, model, predict, type FeatureName } from "hostile";
      const names: FeatureName[] = ${JSON.stringify(HOSTILE)};
      console.log(JSON.stringify(names) === JSON.stringify(model.features.map(({ name }) => name)), predict({ 'a"b': 1, "c*/d": 106 }).warnings.length, Object.keys(explain(${JSON.stringify(EXAMPLE)}).contributions).length);
      // @ts-expect-error: no such feature
      const wrong = () => predict({ nobody: 1 });
      console.log(typeof wrong);`,
    printed: /^true \d+ 8\nfunction\n$/,
  },
  {
    name: "categories",
    from: async () => ["tests/golden/categories.wardian", "--name", "categories"],
    source: `
      import { predict, predictMany } from "categories";
      console.log(predict({ colour: "red", amount: 0.5, size: "s7" }).prediction === predict("red,0.5,s7").prediction, predictMany({ colour: ["red", null], amount: [1, 2] }).length, predict(["red", 1, { code: 3 }]).warnings.length);
      // @ts-expect-error: no such category
      const wrong: Parameters<typeof predict>[0] = { colour: "reddish" };
      console.log(typeof wrong);`,
    printed: /^true 2 \d+\nobject\n$/,
  },
  {
    name: "sure",
    from: async () => ["models/diabetes/diabetes.ubj", "--name", "sure", "--held-out", "models/diabetes/pima-indians-diabetes.csv", "--label", "diabetes"],
    source: `
      import { predict } from "sure";
      import { certainty, figures, interval, intervalOf, type RiskRange } from "sure/certainty";
      const answered = predict(${JSON.stringify(EXAMPLE)});
      const range: RiskRange | undefined = interval(answered);
      const { low, high, merged } = range!;
      const required = (globalThis as any).process.getBuiltinModule("node:module").createRequire(import.meta.url)("sure/certainty").interval(answered.prediction);
      console.log(0 <= low && low <= merged && merged <= high && high <= 1, JSON.stringify(required) === JSON.stringify(intervalOf(certainty, answered)), figures?.rows, figures?.all.risk?.confusion.threshold);
      // @ts-expect-error: the range of a risk has no level
      const wrong = () => interval(0.5)!.level;
      console.log(typeof wrong);`,
    printed: /^true true 768 0\.5\nfunction\n$/,
  },
];

/** All that a sealed package answers to a row. */
const everythingOf = ({ name, row, rest }) => `
import { Model, Pool, explain, explainMany, handle, model, predict, predictMany } from "${name}";
const ROW = ${JSON.stringify(row)};
export async function report(withPool = false) {
  const request = new Request("http://localhost${rest}", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ data: ROW.join(",") }) });
  const response = await handle(request);
  const why = explain(ROW);
  const [margins, bases, parts] = [[why.margin].flat(), [why.base].flat(), [why.contributions].flat()];
  const unexplained = margins.map((margin, output) => Math.abs(margin - Object.values(parts[output]).reduce((sum, value) => sum + value, bases[output])));
  let pooled = null;
  if (withPool) {
    const pool = await Pool.start(undefined, { workers: 1 });
    pooled = [...(await pool.predictMany(Float64Array.from(ROW)))];
    pool.close();
  }
  let code = "";
  try {
    predict({ nobody: 1 });
  } catch (error) {
    code = error.code;
  }
  const answered = predict(ROW);
  return {
    prediction: [answered.prediction].flat(),
    label: answered.label ?? null,
    text: [predict(ROW.join(",")).prediction].flat(),
    named: [predict(Object.fromEntries(model.features.map(({ name }, index) => [name, ROW[index]]))).prediction].flat(),
    many: [...predictMany([ROW])],
    own: [new Model().predict(ROW).prediction].flat(),
    unexplained: Math.max(...unexplained) < 1e-12,
    contributions: explainMany([ROW]).length === margins.length * (ROW.length + 1),
    body: await response.text(),
    kind: model.kind,
    code,
    pooled,
  };
}
`;
const predictingOf = ({ name, row }) => `import { predict } from "${name}"; globalThis.report = () => [predict(${JSON.stringify(row)}).prediction].flat();`;
const PRINTING = 'import { report } from "./report.js"; console.log(JSON.stringify(await report(true)));';

function check(report, { prediction, label, body, kind }, isPooled = false) {
  const given = typeof report === "string" ? JSON.parse(report) : report;
  const each = { prediction, text: prediction, named: prediction, many: prediction, own: prediction };
  assert.deepEqual(given, { ...each, label, unexplained: true, contributions: true, body, kind, code: "unknown_field", pooled: isPooled ? prediction : null });
}

const packed = new Map();
const seal = async (subject, to) => {
  const from = typeof subject.from === "function" ? await subject.from(await ownFolder()) : subject.from;
  await run(COMMAND, ["seal", ...from, "-o", to, ...(process.env.WARDIAN_SHELL ? ["--shell", process.env.WARDIAN_SHELL] : [])], { cwd: root });
  return to;
};
before(async () => {
  const folder = await ownFolder();
  for (const subject of [...SUBJECTS, ...NAMED]) {
    packed.set(subject.name, await seal(subject, path.join(folder, `${subject.kind ?? subject.name}.tgz`)));
  }
});
after(cleanUp);

for (const subject of SUBJECTS) {
  const { name } = subject;
  const everything = everythingOf(subject);
  const place = (what, files, description) => consumer(`${subject.kind}-${what}`, files, description, [packed.get(name)]);

  test(`${name}: the same case is the same package`, async () => {
    const again = await seal(subject, path.join(await ownFolder(), `${subject.kind}-again.tgz`));
    const [one, other] = [packed.get(name), again].map((file) => createHash("sha256").update(readFileSync(file)).digest("hex"));
    assert.equal(one, other);
  });

  test(`${name}: Node, import and require; slim; the command line`, async () => {
    const common = everything.replace(/import (\{.*\}) from (".*");/, "const $1 = require($2);").replace("export ", "");
    const slim = `
      import { readFileSync } from "node:fs"; import { createRequire } from "node:module"; import * as slim from "${name}/slim"; import server from "${name}/fetch";
      const file = (name) => readFileSync(createRequire(import.meta.url).resolve("${name}/" + name));
      await slim.load(file("wardian.wasm")); await slim.loadExplainer(file("explain.wasm"));
      const row = ${JSON.stringify(subject.row)};
      const described = await server.fetch(new Request("http://localhost${subject.rest.replace(/[^/]*$/, "openapi.json")}"));
      const { paths } = await described.json();
      console.log(JSON.stringify([[slim.predict(row).prediction].flat(), [slim.explain(row).prediction].flat(), "${subject.rest}" in paths, JSON.parse(file("case.json")).name, [new slim.Model(file("model.wardian")).predict(row).prediction].flat()]));`;
    const folder = await place("node", { "report.js": everything, "main.js": PRINTING, "slim.mjs": slim, "main.cjs": `${common}\nreport(true).then((all) => console.log(JSON.stringify(all)));` });
    check(await run("node", ["main.js"], { cwd: folder }), subject, true);
    check(await run("node", ["main.cjs"], { cwd: folder }), subject, true);
    const { prediction } = subject;
    assert.deepEqual(JSON.parse(await run("node", ["slim.mjs"], { cwd: folder })), [prediction, prediction, true, name, prediction]);
    const command = path.join(folder, "node_modules/.bin", name.split("/").at(-1));
    assert.equal((await run(command, ["predict", subject.row.join(",")])).trim(), subject.body);
    assert.match(await run(command, ["explain", subject.row.join(",")]), /"contributions":/);
    assert.doesNotMatch(await run(command, ["predict", "--help"]), /--model|wardian/);
  });

  for (const [resolution, module] of [["bundler", "esnext"], ["node16", "node16"], ["nodenext", "nodenext"]]) {
    test(`${name}: TypeScript, moduleResolution ${resolution}`, async () => {
      const source = `
        import { explain, model, predict, predictMany, type FeatureName, type WardianError } from "${name}";
        const answer: ${subject.type} = predict(${JSON.stringify(subject.row)}).prediction;
        const names: readonly FeatureName[] = model.features.map(({ name }) => name);
        const kind: "${subject.kind}" = model.kind;
        predict(${JSON.stringify(subject.row)}); predictMany([${JSON.stringify(subject.row)}]); explain(new Float64Array(${subject.row.length}));
        // @ts-expect-error: no such feature
        try { predict({ nobody: 1 }); } catch (thrown) { console.log([answer].flat().length, names.length, kind, (thrown as WardianError).code); }`;
      const files = { "main.ts": source };
      if (resolution !== "bundler") {
        files["required.cts"] = `import sealed = require("${name}"); const answer: ${subject.type} = sealed.predict("${subject.row}").prediction; console.log(answer);`;
      }
      const folder = await place(`ts-${resolution}`, files);
      const strict = ["--strict", "--noEmitOnError", "--target", "es2022", "--lib", "es2022,dom"];
      await run(tool("tsc"), [...strict, "--module", module, "--moduleResolution", resolution, ...Object.keys(files)], { cwd: folder });
      assert.equal((await run("node", ["main.js"], { cwd: folder })).trim(), `${subject.prediction.length} ${subject.row.length} ${subject.kind} unknown_field`);
    });
  }

  for (const [bundler, bundle] of Object.entries(BUNDLERS)) {
    test(`${name}: ${bundler} builds it, it runs in a browser, has each module once, and of what is unused nothing`, async (context) => {
      const folder = await place(bundler, { "report.js": everything, "all.js": MAIN, "predicting.js": predictingOf(subject), "working.js": `import "${name}/worker.js";` });
      await bundle(folder, "all", "all");
      if (bundler === "esbuild" || bundler === "rollup") {
        await bundle(folder, "working", "all", "worker");
      }
      const { result } = await inBrowser(folder, '<script type="module" src="/all/main.js"></script>', askAll, true);
      check(result, subject, true);
      assert.equal(await modulesIn(path.join(folder, "all")), 2, "the module that predicts and the one that explains");
      await bundle(folder, "predicting", "predicting");
      const less = await inBrowser(folder, '<script type="module" src="/predicting/main.js"></script>', askAll);
      assert.deepEqual(less.result, subject.prediction);
      assert.equal(await modulesIn(path.join(folder, "predicting")), 1);
      context.diagnostic(`import { predict }: ${await sizeOf(path.join(folder, "predicting"))} bytes after gzip`);
    });
  }

  test(`${name}: a plain script module in a browser, with a pool`, async () => {
    const folder = await place("plain", { "report.js": everything, "main.js": MAIN });
    const map = `<script type="importmap">{"imports":{"${name}":"/node_modules/${name}/index.js"}}</script><script type="module" src="/main.js"></script>`;
    check((await inBrowser(folder, map, askAll, true)).result, subject, true);
  });

  test(`${name}: Deno and Bun`, async () => {
    const folder = await place("others", { "report.js": everything, "main.js": PRINTING });
    check(await run(tool("deno"), ["run", "--no-remote", "--allow-read", "--allow-env", "--node-modules-dir=manual", "main.js"], { cwd: folder }), subject, true);
    check(await run(tool("bun"), ["main.js"], { cwd: folder }), subject, true);
  });

  test(`${name}: workerd`, async () => {
    const source = `import { report } from "./report.js"; import server from "${name}/fetch";
      export default { fetch: async (request) => new URL(request.url).pathname === "/report" ? Response.json(await report()) : server.fetch(request) };`;
    const folder = await place("workerd", { "report.js": everything, "main.js": source });
    await run(tool("esbuild"), ["main.js", "--bundle", "--format=esm", "--conditions=workerd", "--external:*.wasm", "--outfile=worker.js"], { cwd: folder });
    for (const date of ["2024-01-01", "2026-11-01"]) {
      await inWorkerd(folder, name, ["wardian", "explain"], date, async (origin) => {
        check(await (await fetch(`${origin}/report`)).json(), subject);
        const headers = { "content-type": "application/json" };
        const response = await fetch(origin + subject.rest, { method: "POST", headers, body: JSON.stringify({ data: subject.row.join(",") }) });
        assert.deepEqual([response.status, await response.text()], [200, subject.body]);
      });
    }
  });

  test(`${name}: publint and attw find nothing`, async () => {
    assert.match(await run(tool("publint"), ["--strict", packed.get(name)]), /All good!/);
    const assets = ["worker.js", "wardian.wasm", "explain.wasm", "rows.wasm", "sheets.wasm", "lines.wasm", "columns.json", "model.wardian", "case.json", "openapi.json"];
    await run(tool("attw"), [packed.get(name), "--profile", "node16", "--exclude-entrypoints", ...assets.map((asset) => `./${asset}`), "--format", "ascii"]);
  });
}

for (const { name, source, printed } of NAMED) {
  test(`${name}: names are names, in scripts, types and descriptions`, async () => {
    const folder = await consumer(`of-${name}`, { "main.ts": source }, {}, [packed.get(name)]);
    const words = ["--strict", "--noEmitOnError", "--target", "es2022", "--lib", "es2022,dom", "--module", "node16", "--moduleResolution", "node16", "main.ts"];
    await run(tool("tsc"), words, { cwd: folder });
    assert.match(await run("node", ["main.js"], { cwd: folder }), printed);
    assert.match(await run(tool("publint"), ["--strict", packed.get(name)]), /All good!/);
    for (const file of ["case.cjs", "certainty.cjs", "index.cjs", "measured.cjs", "units.cjs"]) {
      await run("node", ["--check", path.join(folder, "node_modules", name, file)]);
    }
  });
}
