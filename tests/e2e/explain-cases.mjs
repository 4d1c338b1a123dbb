// The cases of `npm/model/explain.js` and `npm/model/card.js`: run in Node and in a browser by explain.test.mjs. Nothing is imported
// here, so that the browser can take the file as it is.

function equal(ours, expected, place) {
  if (JSON.stringify(ours) !== JSON.stringify(expected)) {
    throw new Error(`${place}: ${JSON.stringify(ours)} is not ${JSON.stringify(expected)}`);
  }
}

function throws(action, code, message) {
  let thrown;
  try {
    action();
  } catch (error) {
    thrown = error;
  }
  equal([thrown?.name, thrown?.code, thrown?.message], ["WardianError", code, message], "thrown");
}

/** How many of two lists of floats differ in a bit. */
function different(ours, expected) {
  equal(ours.length, expected.length, "count");
  return expected.reduce((count, value, index) => count + !Object.is(ours[index], value), 0);
}

/** Every case: a name, and what to do with the loaded modules and what the command line says of the same rows. */
export const EXPLAIN_CASES = {
  "all 768 rows have the bits of the command line, however they are given": ({ explain, explainMany }, _, { diabetes }) => {
    const { names, rows, table } = diabetes;
    const values = rows.map((row) => row.split(",").map(Number));
    const columns = Object.fromEntries(names.map((name, index) => [name, values.map((row) => row[index])]));
    for (const [form, many] of Object.entries({
      texts: rows,
      arrays: values,
      "64-bit floats": new Float64Array(values.flat()),
      "32-bit floats": new Float32Array(values.flat()),
      columns,
    })) {
      equal(different(explainMany(many), table), 0, form);
    }
    const one = rows.flatMap((row) => {
      const { base, contributions } = explain(row);
      equal(Object.keys(contributions), names, "names");
      return [...Object.values(contributions), base];
    });
    equal(different(one, table), 0, "one at a time");
  },

  "base and contributions make the margin": ({ explain }, { predict, shippedModel }, { diabetes }) => {
    for (const row of diabetes.rows) {
      const { prediction, margin, base, contributions, warnings } = explain(row);
      const sum = Object.values(contributions).reduce((sum, value) => sum + value, base);
      equal(Math.abs(sum - margin) < 1e-12, true, row);
      equal({ prediction, warnings }, predict(row), row);
      equal(Object.is(margin, shippedModel().marginsMany([row])[0]), true, row);
    }
  },

  "more rows than are explained at a time": ({ explainMany }, _, { diabetes }) => {
    const rows = [...diabetes.rows, ...diabetes.rows, ...diabetes.rows];
    const values = rows.map((row) => row.split(",").map(Number));
    const columns = Object.fromEntries(diabetes.names.map((name, index) => [name, values.map((row) => row[index])]));
    for (const [form, many] of Object.entries({ texts: rows, "64-bit floats": new Float64Array(values.flat()), columns })) {
      equal(different(explainMany(many), [...diabetes.table, ...diabetes.table, ...diabetes.table]), 0, `three times 768: ${form}`);
    }
    equal(explainMany([]).length, 0, "no row");
    equal(explainMany(new Float32Array(0)).length, 0, "no values");
  },

  "what is no row is refused in the words of predicting": ({ explain, explainMany }, _, { diabetes }) => {
    throws(() => explain("1,2"), "wrong_field_count", "blood_pressure: 8 values are needed, 2 given; this is the first that is absent");
    throws(() => explain([1, 106, Infinity, 28, 135, 34.2, 0.142, 22]), "not_finite", "blood_pressure: the value is infinite");
    const rows = [...diabetes.rows, ...diabetes.rows, "x,1,1,1,1,1,1,1"];
    throws(() => explainMany(rows), "not_a_number", 'row 1537, times_pregnant: "x" is not a number');
    throws(() => explainMany(new Float32Array(9)), "wrong_field_count", "9 values are not whole rows of 8");
    throws(() => explainMany({}), "empty_input", "no columns given");
    throws(() => explainMany({ age: [1, 2], glucose: [1] }), "wrong_field_count", "glucose: the column has 1 values; the one before it has 2");
    throws(() => explainMany({ age: "12" }), "wrong_type", "age: a column is an array of values");
    throws(() => explainMany({ age: [1], weight: [2] }), "unknown_field", `weight: no such feature; the model has ${diabetes.names.join(", ")}`);
    throws(() => explainMany(7), "wrong_type", "rows (an array, or columns) are due, not a value of type Number");
    throws(() => explainMany(null), "wrong_type", "rows (an array, or columns) are due, not a value of type Null");
  },

  "the interval is the card's": (_, { predict }, { card, examples }, { interval }) => {
    for (const { data, low, high } of examples) {
      const ours = interval(card, predict(data).prediction);
      equal([Math.abs(ours.low - low) < 2e-6, Math.abs(ours.high - high) < 2e-6, ours.level], [true, true, 0.9], data);
    }
    let last = { low: 0, high: 0 };
    for (let thousandth = 1; thousandth < 1000; thousandth += 1) {
      const next = interval(card, thousandth / 1000);
      equal(last.low < next.low && last.high < next.high, true, `rises at ${thousandth}`);
      equal(next.low < thousandth / 1000 && thousandth / 1000 < next.high, true, `holds ${thousandth}`);
      last = next;
    }
  },

  "much missing is said": (_, { model }, { card }, { manyMissing }) => {
    const { features } = model();
    equal(manyMissing(card, features, [1, 106, 70, 28, 135, 34.2, 0.142, 22]), undefined, "nothing");
    equal(manyMissing(card, features, [0, 106, null, NaN, 135, 34.2, 0.142, 22]), undefined, "two");
    equal(
      manyMissing(card, features, [0, 106, 0, undefined, null, 34.2, 0.142, 22]),
      { code: "many_missing", message: "3 of 8 values are not measured; 95 % of the women in training lacked at most 2" },
      "three",
    );
  },
};

/** Other models than the shipped one, for a module that is not sealed. */
export const MODEL_CASES = {
  "every model has the bits of the command line": ({ Explainer }, { Model }, { models }) => {
    for (const [name, { bytes, rows, table }] of Object.entries(models)) {
      const file = Uint8Array.from(bytes);
      const model = new Model(file);
      const explainer = new Explainer(model, file);
      equal(different(explainer.explainMany(rows), table), 0, name);
      const [{ outputs, features }, width] = [model.description, model.description.features.length + 1];
      const { margin, base, contributions } = explainer.explain(rows[0]);
      const [margins, bases, each] = outputs === 1 ? [[margin], [base], [contributions]] : [margin, base, contributions];
      equal(margins, [...model.marginsMany([rows[0]])], `${name}, margins`);
      equal(each.flatMap((own, output) => [...Object.values(own), bases[output]]), table.slice(0, outputs * width), `${name}, one row`);
      equal(Object.keys(each[0]), features.map((feature) => feature.name), `${name}, names`);
    }
  },

  "a model without covers cannot be explained": ({ Explainer }, { Model }, { withoutCovers }) => {
    const bytes = Uint8Array.from(withoutCovers);
    throws(
      () => new Explainer(new Model(bytes), bytes),
      "no_covers",
      "the model cannot be explained: its file does not say how much of the training data came to each leaf",
    );
  },

  "damaged bytes are refused": ({ Explainer }, { shippedModel }, { models }) => {
    const bytes = Uint8Array.from(models.classes.bytes);
    bytes[bytes.length - 1] ^= 1;
    throws(() => new Explainer(shippedModel(), bytes), "invalid_model", "offset 12: the checksum does not match: the file is damaged");
    throws(() => new Explainer(shippedModel(), new Uint8Array(3)), "invalid_model", "this is not a .wardian file: it does not begin with WARDIAN");
  },
};

/** What failed of the cases. */
export function explainFailures(cases, explaining, module, files, card) {
  return Object.entries(cases).flatMap(([name, run]) => {
    try {
      run(explaining, module, files, card);
      return [];
    } catch (error) {
      return [`${name}: ${error.stack}`];
    }
  });
}
