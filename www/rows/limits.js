/** How much of a file is read, kept and shown. */

/** The longest row; what is longer is no row of a table, or a quote that was never closed. */
export const LONGEST_ROW = 1024 * 1024;
export const PREVIEW_ROWS = 20;
export const MOST_COLUMNS = 1000;
/** The bars of the histogram; the grey zone's ends are ends of bars. */
export const BARS = 40;
/** How many of a file's rows are kept to be shown: the first, the riskiest, and those with errors. */
export const KEPT = { first: 1000, top: 100, errors: 1000 };

/** An error that the page has a sentence for: `rows.refused.<code>`. */
export function refusal(code, values = {}) {
  return Object.assign(new Error(code), { code, values });
}
