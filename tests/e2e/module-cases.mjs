// The cases of `npm/model/wardian.js`: run in Node and in a browser by module.test.mjs. Nothing is imported here, so that the
// browser can take the file as it is.

export const NAMES = [
  "times_pregnant", "glucose", "blood_pressure", "skin_fold_thick", "serum_insulin", "mass_index", "diabetes_pedigree", "age",
];

function equal(ours, expected, place) {
  if (!Object.is(ours, expected) && JSON.stringify(ours) !== JSON.stringify(expected)) {
    throw new Error(`${place}: ${JSON.stringify(ours)} is not ${JSON.stringify(expected)}`);
  }
}

function throws(action, code, field, message) {
  let thrown;
  try {
    action();
  } catch (error) {
    thrown = error;
  }
  equal(thrown instanceof Error, true, `${message}: an Error is thrown`);
  equal([thrown.name, thrown.code, thrown.field, thrown.message], ["WardianError", code, field, message], "thrown");
}

const floats = (bits) => new Float32Array(new Uint32Array(bits).buffer);

/** Every case: a name, and what to do with the loaded module and the files' contents. */
export const CASES = {
  "every form of a row gives the same bits": ({ predict }, { example }) => {
    const values = example.data.split(",").map(Number);
    const named = Object.fromEntries(values.map((value, index) => [NAMES[index], value]));
    for (const form of [example.data, { data: example.data }, values, named, Float64Array.from(values), Float32Array.from(values)]) {
      const { prediction, warnings } = predict(form);
      equal(prediction, example.probability, "prediction");
      equal(warnings, [], "warnings");
    }
  },

  "null, undefined, NaN and the missing code are not measured": ({ predict }, { example }) => {
    const expected = predict("1,106,70,28,,34.2,0.142,22").prediction;
    const values = example.data.split(",").map(Number);
    for (const nothing of [null, undefined, NaN, 0, -0]) {
      equal(predict(values.with?.(4, nothing) ?? values.map((value, index) => (index === 4 ? nothing : value))).prediction, expected, String(nothing));
    }
    const { serum_insulin: _, ...named } = Object.fromEntries(values.map((value, index) => [NAMES[index], value]));
    equal(predict(named).prediction, expected, "not named");
    equal(predict(Object.assign([...values], { 4: 1e-50 })).prediction === expected, false, "a tiny value is measured");
  },

  "warnings are part of the result": ({ predict }) => {
    const { warnings } = predict("1,400,70,28,135,34.2,0.142,");
    equal(warnings.map(({ code, field }) => [code, field]), [["outside_training_range", "glucose"], ["never_missing_in_training", "age"]], "warnings");
    equal(warnings[0].message, "400 is outside the range seen in training, 44 to 199", "message");
  },

  "errors have code, field and message": ({ predict }) => {
    const bloodPressure = (text) => () => predict(`1,106,${text},28,135,34.2,0.142,22`);
    throws(() => predict(""), "empty_input", undefined, "no values given; 8 are needed");
    throws(() => predict({}), "empty_input", undefined, "no values given; 8 are needed");
    throws(() => predict([1, 2]), "wrong_field_count", "blood_pressure", "blood_pressure: 8 values are needed, 2 given; this is the first that is absent");
    throws(() => predict(",".repeat(8)), "wrong_field_count", undefined, "8 values are needed, 9 given");
    throws(() => predict({ glucose: "106" }), "wrong_type", "glucose", "glucose: a number, null or undefined is due, not a value of type string");
    throws(() => predict([1, 106, [], 28, 135, 34.2, 0.142, 22]), "wrong_type", "blood_pressure", "blood_pressure: a number, null or undefined is due, not a value of type object");
    throws(() => predict({ age: Infinity }), "not_finite", "age", "age: the value is infinite");
    throws(bloodPressure("1e39"), "not_finite", "blood_pressure", "blood_pressure: the value is beyond the range of a 32-bit float");
    for (const [nothing, kind] of [[null, "Null"], [undefined, "Undefined"], [true, "Boolean"], [7, "Number"]]) {
      throws(() => predict(nothing), "wrong_type", undefined, `a row (text, array, object) is due, not a value of type ${kind}`);
    }
    throws(() => predict({ Glucose: 106 }), "unknown_field", "Glucose", `Glucose: no such feature; the model has ${NAMES.join(", ")}`);
    // The same texts as tests/common/bad_input.rs asks of Rust.
    for (const text of ["abc", "7O", "0x46", "1_000", "٧٠", "７０", "7 0", "--7", "1e"]) {
      throws(bloodPressure(text), "not_a_number", "blood_pressure", `blood_pressure: "${text}" is not a number`);
    }
    throws(bloodPressure('70"'), "not_a_number", "blood_pressure", 'blood_pressure: "70\\"" is not a number');
    throws(bloodPressure("9x".repeat(10_000)), "not_a_number", "blood_pressure", `blood_pressure: "${"9x".repeat(20)}"… is not a number`);
    for (const text of ["inf", "-inf", "Infinity", "1e400", "-1e400"]) {
      throws(bloodPressure(text), "not_finite", "blood_pressure", `blood_pressure: "${text}" is not a finite number`);
    }
    for (const text of ["70", " 70", "\t70 ", "+70", "70.", "7e1", "7E+1", "\u00a070\u2028", "\u008570", '"70"', ' " 70" ']) {
      equal(bloodPressure(text)().prediction, bloodPressure("70")().prediction, JSON.stringify(text));
    }
  },

  "every form of many rows gives XGBoost's bits": ({ predictMany }, { golden }) => {
    const values = golden.map(({ data }) => data.split(",").map(Number));
    const columns = Object.fromEntries(
      NAMES.map((name, index) => {
        const column = values.map((row) => row[index]);
        return [name, index % 2 === 0 ? Float64Array.from(column) : column];
      }),
    );
    const forms = [golden.map(({ data }) => data), values, Float64Array.from(values.flat()), Float32Array.from(values.flat()), columns];
    for (const form of forms) {
      const predictions = predictMany(form);
      equal(predictions instanceof Float32Array && predictions.length, 768, "count");
      golden.forEach(({ probability }, row) => equal(predictions[row], probability, `row ${row + 1}`));
    }
    equal(predictMany([]).length, 0, "no rows");
  },

  "a bad row among many is named": ({ predictMany }, { example }) => {
    const rows = Array(2000).fill(example.data);
    rows[1500] = "1,x,70,28,135,34.2,0.142,22";
    throws(() => predictMany(rows), "not_a_number", "glucose", 'row 1501, glucose: "x" is not a number');
    const values = Float32Array.from(rows.flatMap(() => example.data.split(",").map(Number)));
    values[1200 * 8 + 7] = -Infinity;
    throws(() => predictMany(values), "not_finite", "age", "row 1201, age: the value is infinite");
    throws(() => predictMany({ age: [22, 23], glucose: [106] }), "wrong_field_count", "glucose", "glucose: the column has 1 values; the one before it has 2");
    throws(() => predictMany(new Float64Array(9)), "wrong_field_count", undefined, "9 values are not whole rows of 8");
    throws(() => predictMany({}), "empty_input", undefined, "no columns given");
    throws(() => predictMany(7), "wrong_type", undefined, "rows (an array, or columns) are due, not a value of type Number");
  },

  "the model describes itself": ({ model }) => {
    const { features, sha256, treeCount, link } = model();
    equal(features.map(({ name }) => name), NAMES, "names");
    const { unit, minimum, maximum, mayBeMissing, missingCodes } = features[1];
    equal([unit, minimum, maximum, mayBeMissing, missingCodes], ["mg/dL", 44, 199, true, [0]], "glucose");
    equal([features[7].mayBeMissing, sha256.length, treeCount > 0, link], [false, 64, true, "logistic"], "the rest");
  },

  "other models: classes, vectors, categories": ({ Model }, { models }) => {
    for (const [name, { bytes, rows, margins, predictions }] of Object.entries(models)) {
      const model = new Model(Uint8Array.from(bytes));
      const texts = rows;
      const expected = [floats(margins), floats(predictions)];
      [model.marginsMany(texts), model.predictMany(texts)].forEach((ours, kind) => {
        equal(ours.length, expected[kind].length, `${name}: count`);
        ours.forEach((value, index) => equal(value, expected[kind][index], `${name}: ${index}`));
      });
      const one = model.predictValue(texts[0]);
      equal(typeof one === "number" ? [one] : one, [...expected[1].subarray(0, expected[1].length / texts.length)], name);
      model.free();
    }
  },

  "bytes that are no model are refused": ({ Model }, { models }) => {
    throws(() => new Model(new Uint8Array(100)), "invalid_model", undefined, "this is not a .wardian file: it does not begin with WARDIAN");
    const bytes = Uint8Array.from(models.classes.bytes);
    bytes[bytes.length - 1] ^= 1;
    throws(() => new Model(bytes), "invalid_model", undefined, "offset 12: the checksum does not match: the file is damaged");
    throws(() => new Model(bytes.subarray(0, 40)), "invalid_model", undefined, `offset 8: the file says it is ${bytes.length} bytes; it is 40`);
  },

  "floats are written as Python writes them": ({ decimal }, { decimals }) => {
    for (const [bits, text] of decimals) {
      equal(decimal(floats([bits])[0]), text, String(bits));
    }
  },

  "memory stays where it was": ({ predictMany, memoryBytes }, { example }) => {
    const rows = new Float32Array(100_000 * 8);
    const values = example.data.split(",").map(Number);
    rows.forEach((_, index) => {
      rows[index] = values[index % 8];
    });
    // A thousand rows.
    predictMany(rows.subarray(0, 8000));
    const before = memoryBytes();
    for (let round = 0; round < 20; round += 1) {
      const predictions = predictMany(rows);
      equal(predictions[99_999], example.probability, "the last row");
    }
    equal(memoryBytes(), before, "bytes of memory after 2 million rows");
  },

  "the contract reads bodies with the engine's parser": ({ contract, decimal }, { example, openapi }) => {
    const ask = (body, more) => contract({ method: "POST", path: "/katana-ml/api/v1.0/diabetes", contentType: "application/json", body, ...more });
    const good = ask(JSON.stringify({ data: example.data }));
    equal([good.status, good.body], [200, `{"prediction":${decimal(example.probability)}}`], "example");
    for (const [body, detail] of [
      ["", "the body is not JSON"],
      ['{"data": "1', "the body is not JSON"],
      ["[]", "the body is not a JSON object"],
      ["null", "the body is not a JSON object"],
      ['"1,2"', "the body is not a JSON object"],
      ["{}", 'the member "data" is absent'],
      ['{"data": [1]}', '"data" is not a string of comma-separated values'],
      ['{"data": null}', '"data" is not a string of comma-separated values'],
      [" ".repeat(65_537), "the body is longer than the 65536 bytes that are read"],
    ]) {
      const { status, headers, body: text } = ask(body);
      equal([status, JSON.parse(text).detail], [body.length > 65_536 ? 413 : 400, detail], body.slice(0, 20));
      equal(headers, [["access-control-allow-origin", "*"], ["content-type", "application/problem+json"]], "headers");
    }
    // Byte for byte what tests/common/contract.rs asks of Rust.
    equal(
      ask(JSON.stringify({ data: example.data.replace("106", "high") })).body,
      '{"type":"about:blank","title":"Bad Request","status":400,"detail":"glucose: \\"high\\" is not a number","code":"not_a_number","field":"glucose"}',
      "problem",
    );
    equal([ask("", { path: "/" }).status, ask("", { method: "GET" }).status, ask("", { contentType: "text/plain" }).status], [404, 405, 415], "statuses");
    equal(ask("", { method: "OPTIONS" }).headers[1], ["access-control-allow-methods", "OPTIONS, POST"], "preflight");
    const about = (method) => ask("", { method, path: "/katana-ml/api/v1.0/openapi.json", contentType: undefined });
    equal([about("GET").status, about("GET").body, about("HEAD").body], [200, openapi, ""], "description");
    equal(about("OPTIONS").headers[1], ["access-control-allow-methods", "GET, HEAD, OPTIONS"], "description's preflight");
    equal([about("POST").status, about("POST").headers[2]], [405, ["allow", "GET, HEAD, OPTIONS"]], "description's methods");
    equal(ask("", { path: "constructor" }).status, 404, "no path of the language's own");
    equal(ask(JSON.stringify({ data: example.data }), { contentType: "Application/vnd.api+JSON; charset=utf-8" }).status, 200, "content type");
  },
};

/** The cases of `npm/model/pool.js`; `start` makes a pool of so many workers for the shipped model. */
export async function poolFailures(module, start, { example }) {
  const failed = [];
  const rows = 100_003;
  const values = example.data.split(",").map(Number);
  const input = Float32Array.from({ length: rows * 8 }, (_, index) => values[index % 8] + ((index * 7919) % 13));
  const expected = module.predictMany(input);
  const pool = await start(2);
  const check = async (name, action) => {
    try {
      await action();
    } catch (error) {
      failed.push(`${name}: ${error.stack}`);
    }
  };
  const rejected = async (promise) => promise.then(() => undefined, (error) => error);
  await check("order and progress", async () => {
    const heard = [];
    const ours = await pool.predictMany(input, { onProgress: (done, total) => heard.push([done, total]) });
    equal(ours.length, rows, "count");
    equal(ours.every((value, row) => Object.is(value, expected[row])), true, "the same bits in the same order");
    equal(heard.at(-1), [rows, rows], "the last of progress");
    equal(heard.every(([done], index) => index === 0 || done > heard[index - 1][0]), true, "progress ascends");
  });
  await check("cancelling, and going on", async () => {
    const controller = new AbortController();
    const error = await rejected(pool.predictMany(input, { signal: controller.signal, onProgress: () => controller.abort() }));
    equal(error?.name, "AbortError", "name");
    equal((await pool.predictMany(input.subarray(0, 80))).length, 10, "used again");
    equal((await pool.predictMany(new Float64Array(0))).length, 0, "no rows");
  });
  await check("the first bad row is named", async () => {
    const bad = input.slice();
    bad[90_000 * 8 + 1] = Infinity;
    bad[40_000 * 8 + 7] = Infinity;
    const { name, code, field, message } = await rejected(pool.predictMany(bad));
    equal([name, code, field, message], ["WardianError", "not_finite", "age", "row 40001, age: the value is infinite"], "error");
    equal((await rejected(pool.predictMany(new Float32Array(9))))?.code, "wrong_field_count", "half a row");
    equal((await rejected(pool.predictMany([1, 2])))?.code, "wrong_type", "an array");
  });
  pool.close();
  equal((await rejected(pool.predictMany(input)))?.message, "the pool is closed", "closed");
  return failed;
}

/** Runs all cases; one line for each that fails. */
export function failures(module, rest, files) {
  const contract = (request) => rest.answer(module.shippedModel(), request, files.contract);
  const failed = [];
  for (const [name, run] of Object.entries(CASES)) {
    try {
      run({ ...module, ...rest, contract }, files);
    } catch (error) {
      failed.push(`${name}: ${error.stack}`);
    }
  }
  return failed;
}
