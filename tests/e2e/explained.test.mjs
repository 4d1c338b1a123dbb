// `?explain`: on every road the bytes that Rust answers (tests/contract.rs keeps them), and plain answers stay as they are.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import Ajv2020 from "ajv/dist/2020.js";
import { script, startService } from "./package.mjs";
import { hosted } from "./page.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const kept = JSON.parse(readFileSync(path.join(root, "tests/certainty/explained.json"), "utf8"));
const of = (name) => kept.find((each) => each.name === name).asked;
const folder = mkdtempSync(path.join(tmpdir(), "wardian-explained-"));
after(() => rmSync(folder, { recursive: true }));

/** Seals a case of the repository. `WARDIAN_SHELL` is another shell than the command's own. */
function seal(name, to) {
  mkdirSync(path.dirname(path.join(folder, to)), { recursive: true });
  const shell = process.env.WARDIAN_SHELL === undefined ? [] : ["--shell", process.env.WARDIAN_SHELL];
  execFileSync(process.env.WARDIAN_COMMAND, ["seal", path.join(root, "models", name), ...shell, "-o", path.join(folder, to)], { stdio: "pipe" });
}

const post = (data) => ({ method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ data }) });
/** What is answered with and without `?explain` is what Rust answers; and a query of other things changes nothing. */
async function check(asked, ask) {
  for (const { data, plain, explained } of asked) {
    assert.equal(await ask("", data), plain);
    assert.equal(await ask("?explain", data), explained);
  }
  const [{ data, plain, explained }] = asked;
  for (const query of ["?explain=", "?explain=true", "?explain=1", "?x=y&explain", "?explain&explain=false"]) {
    assert.equal(await ask(query, data), explained, query);
  }
  for (const query of ["?explain=false", "?explain=0", "?explained", "?x=explain", "?"]) {
    assert.equal(await ask(query, data), plain, query);
  }
  for (const query of ["?explain=yes", "?explain=TRUE", "?explain=%31", "?explain==1", "?explain=constructor", "?explain=__proto__"]) {
    assert.equal(JSON.parse(await ask(query, data)).detail, 'the parameter "explain" is neither true nor false', query);
  }
}

describe("the package", () => {
  const PATH = "/katana-ml/api/v1.0/diabetes";

  test("handle, and an entry that edges take, answer Rust's bytes", async () => {
    for (const [name, member] of [["index.js", "handle"], ["fetch.js", "fetch"]]) {
      const { [member]: handle } = await script(name);
      await check(of("diabetes"), async (query, data) => (await handle(new Request(`http://localhost${PATH}${query}`, post(data)))).text());
    }
  });

  test("so does a service on a port", async () => {
    const service = await startService();
    try {
      await check(of("diabetes"), async (query, data) => (await fetch(`${service.origin}${PATH}${query}`, post(data))).text());
    } finally {
      await service.end();
    }
  });

  test("a bundle for require answers them as well", async () => {
    const { createRequire } = await import("node:module");
    const { handle } = createRequire(import.meta.url)("../../target/package/index.cjs");
    await check(of("diabetes"), async (query, data) => (await handle(new Request(`http://localhost${PATH}${query}`, post(data)))).text());
  });

  test("of any model it tells why; of its case nothing is known", async () => {
    const { Model } = await script("index.js");
    const model = new Model();
    const [{ data, explained }] = of("diabetes");
    const body = JSON.parse(await (await model.handle(new Request(`http://localhost${PATH}?explain`, post(data)))).text());
    const { interval, unknown, ...rest } = JSON.parse(explained);
    assert.deepEqual(body, rest);
  });

  test("a model whose file does not say how many rows came to each leaf is answered plainly", async () => {
    const { Model } = await script("index.js");
    const { convert } = await script("converter.js");
    const bytes = await convert(readFileSync(path.join(root, "models/petal/petal.lightgbm.txt")), { noCovers: true, onNote: () => {} });
    const model = new Model(bytes);
    const [{ data, plain }] = of("petal");
    const ask = async (given) => (await model.handle(new Request(`http://localhost${PATH}?explain`, post(given)))).text();
    assert.equal(await ask(data), plain);
    assert.equal(await ask([data, data]), `{"predictions":[${Array(2).fill(plain.slice('{"prediction":'.length, -1))}],"explanations":[{},{}]}`);
  });

  test("without what explains, the answer is that it cannot be explained", async () => {
    const { answer, whyAsked } = await script("rest.js");
    const { handleWith } = await script("handle.js");
    const contract = { path: "/a", description: "", why: () => Promise.reject(new Error("there is no network")) };
    const model = { predictValue: () => 0.5 };
    const request = (query) => new Request(`http://localhost/a${query}`, post("1"));
    const response = await handleWith(model, request("?explain"), contract);
    assert.deepEqual([response.status, (await response.json()).detail], [503, "the answer cannot be explained: there is no network"]);
    assert.equal(await (await handleWith(model, request(""), contract)).text(), '{"prediction":0.5}');
    // And a contract that explains nothing tells nothing more.
    const plain = { path: "/a", description: "" };
    assert.equal(await (await handleWith(model, request("?explain"), plain)).text(), '{"prediction":0.5}');
    assert.equal(await whyAsked(model, "explain", plain), undefined);
    const parts = { method: "POST", path: "/a", query: "explain", contentType: "application/json", body: '{"data":["1","2"]}' };
    const many = { predictMany: () => Float32Array.of(0.5, 1) };
    assert.equal(answer(many, parts, plain).body, '{"predictions":[0.5,1.0],"explanations":[{},{}]}');
    // A request that is wrong is not explained: nothing is asked for.
    const { status } = await handleWith(model, new Request("http://localhost/b?explain", post("1")), contract);
    assert.equal(status, 404);
  });

  test("a slim entry says that what explains is to be loaded, and then explains", () => {
    const [{ data, explained }] = of("diabetes");
    // In a process of its own: here other entries have loaded it.
    const said = execFileSync(process.execPath, ["--input-type=module", "-e", `
      import { readFileSync } from "node:fs";
      const place = ${JSON.stringify(path.join(root, "target/package/"))};
      const { loadSync, loadExplainerSync, handle } = await import(place + "slim.js");
      loadSync(readFileSync(place + "shipped.wasm"));
      const ask = async () => {
        const response = await handle(new Request("http://localhost${PATH}?explain", ${JSON.stringify(post(data))}));
        console.log(response.status + " " + await response.text());
      };
      await ask();
      loadExplainerSync(readFileSync(place + "explain.wasm"));
      await ask();
    `], { encoding: "utf8" });
    const [before, then] = said.split("\n");
    assert.match(before, /^503 .*await loadExplainer\(\) first/);
    assert.equal(then, `200 ${explained}`);
  });
});

test("descriptions say what is answered", () => {
  for (const { name, asked } of kept) {
    seal(name, `${name}/openapi.json`);
    const described = JSON.parse(readFileSync(path.join(folder, name, "openapi.json"), "utf8"));
    const validate = new Ajv2020({ strict: false }).addSchema(described, "openapi").getSchema("openapi#/components/schemas/Prediction");
    asked.forEach(({ plain, explained }) => [plain, explained].forEach((body) => assert.ok(validate(JSON.parse(body)), `${name}: ${body} ${JSON.stringify(validate.errors)}`)));
    for (const wrong of [{ prediction: 0, interval: [1, 2] }, { prediction: 0, reasons: [{ feature: "x" }] }, { prediction: 0, unknown: {} }]) {
      assert.ok(!validate(wrong), JSON.stringify(wrong));
    }
    const [{ post: operation }] = Object.values(described.paths).filter((each) => each.post !== undefined);
    assert.deepEqual(operation.parameters.map(({ name: parameter }) => parameter), ["explain"]);
  }
});

for (const name of ["petal", "wine", "diabetes"]) {
  describe(`the page of ${name}`, () => {
    const built = name === "diabetes" ? undefined : path.join(folder, `${name}-page`);
    before(() => built && seal(name, `${name}-page/`));
    const host = hosted(built === undefined ? {} : { folder: built });
    const rest = (page) => page.evaluate(() => JSON.parse(document.getElementById("case").textContent).page.rest);

    test("its service worker answers Rust's bytes, and fetches what explains when it is asked", async () => {
      // What is asked wrongly.
      host.forgive(/status of 400/);
      const page = await host.open();
      await page.evaluate(() => navigator.serviceWorker.ready);
      const where = `.${await rest(page)}`;
      await check(of(name), (query, data) => page.evaluate(async ([address, init]) => (await fetch(address, init)).text(), [where + query, post(data)]));
    });
  });
}
