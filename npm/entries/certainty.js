/** How sure this package's answers are, and how good, by rows with labels that its model was not trained on; and of any case. */
import { certainty, classes, figures } from "../case/measured.js";
import { intervalOf } from "../model/sure.js";

export { certainty, figures, intervalOf };

/** How sure an answer of this package's model is; nothing where its case does not tell it. */
export function interval(answer, options) {
  const sure = intervalOf(certainty, answer, options);
  return sure?.classes === undefined ? sure : { ...sure, classes: sure.classes.map((index) => classes[index]) };
}
