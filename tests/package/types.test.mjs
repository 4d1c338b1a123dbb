// The package's types: what they promise is what the package does, and what they are is written in models/diabetes/package/api.md.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { PACKAGE, run, tool } from "./consumer.mjs";

const REPORT = fileURLToPath(new URL("../../models/diabetes/package/api.md", import.meta.url));

test("the names in the types are those of the shipped model, and everything has the type it should", async () => {
  const { model } = await import(path.join(PACKAGE, "index.js"));
  const names = model.features.map(({ name }) => JSON.stringify(name));
  const folder = await mkdtemp(path.join(os.tmpdir(), "wardian-types-"));
  const source = `
import { Model, Pool, explain, handle, model, predict, predictMany, type Explanation, type FeatureName, type WardianError } from ${JSON.stringify(path.join(PACKAGE, "index.js"))};
import { observed, unknown, unknownOf } from ${JSON.stringify(path.join(PACKAGE, "unknown.js"))};
import { curve, figures, judge } from ${JSON.stringify(path.join(PACKAGE, "measure.js"))};
import { intervalOf } from ${JSON.stringify(path.join(PACKAGE, "certainty.js"))};
import { type CaseAnswer, WardianCase } from ${JSON.stringify(path.join(PACKAGE, "element.js"))};
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true : false;
const is = <T extends true>() => {};
is<Same<ReturnType<typeof unknown>[number]["feature"], FeatureName>>();
unknown({ glucose: 106, age: null }); unknownOf(new Model(), observed, "1,,3"); unknownOf(new Model<"a" | "b">(new Uint8Array()), { a: { values: [1], counts: [2] } }, [1, null]);
figures(new Model(), ["1,2"], [0, "1", true], { groups: ["a", null], threshold: 0.3 }).then(({ all }) => all.risk?.auc?.value.toFixed(2));
judge(new Model<"a" | "b">(new Uint8Array()), [[1, 2]], new Float32Array(1), { kind: "count" }).then(({ certainty, notKnown }) => [intervalOf(certainty, 0.5), notKnown?.length]);
curve(new Model(), { glucose: 106 }, "age", { points: 3 }).then(({ steps, missing }) => [steps[0].from + steps[0].to + steps[0].value, steps[0].prediction, missing]);
// @ts-expect-error: no such feature
curve(new Model<"a" | "b">(new Uint8Array()), "1,2", "c");
const embedded: WardianCase = document.createElement("wardian-case");
embedded.addEventListener("wardian-answer", ({ detail }) => is<Same<typeof detail, CaseAnswer | null>>());
embedded.addEventListener("wardian-error", ({ detail }) => detail.code === "other_origin");
embedded.addEventListener("click", () => {});
is<Same<FeatureName, ${names.join(" | ")}>>();
const one = predict({ glucose: 106, age: null });
const risk: number = one.prediction;
is<Same<(typeof one.warnings)[number]["field"], FeatureName>>();
is<Same<ReturnType<typeof predictMany>, Float32Array>>();
is<Same<ReturnType<typeof handle>, Promise<Response>>>();
const why = explain([1, null, undefined]);
is<Same<typeof why.margin, number>>();
is<Same<typeof why.contributions, Record<FeatureName, number>>>();
is<Same<(typeof model.features)[number]["name"], FeatureName>>();
is<Same<typeof model.sha256, string>>();
const mine = new Model<"a" | "b">(new Uint8Array());
mine.predict({ a: 1 });
is<Same<ReturnType<typeof mine.explain>, Explanation<"a" | "b">>>();
is<Same<Awaited<ReturnType<typeof Pool.start>>, Pool>>();
predict({ data: "1" }); predict("1"); predict(new Float32Array(8)); predictMany({ glucose: [1, null], age: new Float32Array(2) });
predict(new Map([["age", 22]])); predict(new FormData()); predict(new URLSearchParams("age=22")); predict(new Uint8Array(8), { codes: true });
predictMany(new Map([["age", [22, null]]])); predictMany(new Int16Array(16)); mine.predict({ a: "red", b: { code: 3 } }); mine.predict([1, "red"]);
declare const table: { schema: { fields: { name: string }[] }; getChild<Key extends "age">(name: Key): { length: number } | null };
predictMany(table); mine.explainMany(table, { codes: true });
// @ts-expect-error: there is no such option
predict([1], { code: true });
// @ts-expect-error: integers of 64 bits
predict(new BigInt64Array(8));
// @ts-expect-error: bytes are no numbers yet
predict(new ArrayBuffer(32));
declare const error: WardianError;
if (error.code === "not_a_number") error.field?.length;
// @ts-expect-error: no such feature
predict({ glucos: 1 });
// @ts-expect-error: a text is no value
predict({ glucose: "106" });
// @ts-expect-error: no such feature
mine.predict({ c: 1 });
// @ts-expect-error: a description is read, not written
model.title = "";
// @ts-expect-error: no such code
error.code === "whatever";
`;
  try {
    await writeFile(path.join(folder, "types.ts"), source);
    const words = ["--strict", "--noEmit", "--target", "es2022", "--lib", "es2022,dom", "--module", "esnext", "--moduleResolution", "bundler"];
    await run(tool("tsc"), [...words, "types.ts"], { cwd: folder });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("the API is the one that models/diabetes/package/api.md reports; WARDIAN_BLESS=1 writes it anew", async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), "wardian-api-"));
  try {
    // It looks for a description of the package above its own settings.
    const declared = (await readdir(PACKAGE)).filter((name) => name.endsWith(".d.ts") || name === "package.json");
    await Promise.all([...declared.map((name) => copyFile(path.join(PACKAGE, name), path.join(folder, name))), mkdir(path.join(folder, "report"))]);
    const compiler = { compilerOptions: { target: "es2022", lib: ["es2022", "dom"], module: "esnext", moduleResolution: "bundler", strict: true, types: [] }, files: ["index.d.ts"] };
    const config = {
      projectFolder: folder,
      mainEntryPointFilePath: path.join(folder, "index.d.ts"),
      compiler: { overrideTsconfig: compiler },
      apiReport: { enabled: true, reportFileName: "api.md", reportFolder: path.join(folder, "report"), reportTempFolder: path.join(folder, "temp") },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: "lf",
      // No release tags: what is exported is public.
      messages: { extractorMessageReporting: { "ae-missing-release-tag": { logLevel: "none" } } },
    };
    await writeFile(path.join(folder, "api-extractor.json"), JSON.stringify(config));
    await run(tool("api-extractor"), ["run", "--local", "--config", path.join(folder, "api-extractor.json")], { cwd: folder });
    const [name, ...others] = (await readdir(path.join(folder, "temp"))).filter((file) => file.endsWith(".md"));
    assert.deepEqual(others, []);
    const report = await readFile(path.join(folder, "temp", name), "utf8");
    if (process.env.WARDIAN_BLESS) {
      await writeFile(REPORT, report);
    }
    assert.ok(existsSync(REPORT), "models/diabetes/package/api.md is not there");
    assert.equal(report, await readFile(REPORT, "utf8"), "the API has changed: if it should, run with WARDIAN_BLESS=1 and commit models/diabetes/package/api.md");
  } finally {
    await rm(folder, { recursive: true });
  }
});
