// The 768 rows and XGBoost's answers to them.
import { readFileSync } from "node:fs";
import { contractOf } from "../../xtask/case.mjs";

const lines = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8").trimEnd().split("\n").slice(1);

function floatOf(bits) {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, Number.parseInt(bits, 16));
  return view.getFloat32(0);
}

const rows = lines("models/diabetes/pima-indians-diabetes.csv").map((line) => line.slice(0, line.lastIndexOf(",")));
const expected = lines("tests/golden/diabetes.expected.csv").map((line) => line.split(","));

/** `{ data, probability }` for each row of the data set; `data` is its text in the REST contract. */
export const golden = rows.map((data, index) => ({ data, probability: floatOf(expected[index][2]) }));

/** The contract of the shipped model. */
export const CONTRACT = contractOf();

export const EXAMPLE = "1,106,70,28,135,34.2,0.142,22";
export const example = golden.find(({ data }) => data === EXAMPLE);
