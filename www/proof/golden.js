/** The study's 768 rows, and the bits that XGBoost answers to them: the very files that the project's tests go by. */
import expected from "../../tests/golden/diabetes.expected.csv";
import rows from "../../models/diabetes/pima-indians-diabetes.csv";

const cells = (text) => text.trimEnd().split("\n").slice(1).map((line) => line.split(","));
const bits = (text) => Number.parseInt(text, 16);
const answers = cells(expected);

/** `{ values, margin, probability }` for each row: its eight values, and the bits of two 32-bit floats. */
export const golden = cells(rows).map((row, index) => {
  const [, margin, probability] = answers[index];
  return { values: row.slice(0, 8).map(Number), margin: bits(margin), probability: bits(probability) };
});
