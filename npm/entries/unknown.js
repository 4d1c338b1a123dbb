/** What is not known of an answer for want of a value, by what was observed of this package's case; and of any case. */
import { observed } from "../case/observed.js";
import { ready } from "../inside/inside.js";
import { unknownOf as unknownIn } from "../model/ranges.js";
import { room } from "../model/wardian.js";

export { observed };

/** As `unknown`, of any model by what was observed of its case: `{ values, counts }` by feature, as the member of a `case.json`. */
export const unknownOf = (model, observed, input) => unknownIn(model, observed, input, room);

/** What is not known of one row's answer by this package's model. */
export const unknown = (input) => unknownOf(ready(), observed, input);
