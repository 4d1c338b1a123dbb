/** How much of a file is read, kept and shown. */

/** How much is read at a time. Some ten thousand rows: a worker is busy with them for some 50 ms. */
export const BLOCK_BYTES = 512 * 1024;
/** The longest record; what is longer is no row of a table, or a quote that was never closed. */
export const LONGEST_RECORD = 1024 * 1024;
/** How much of a file is looked at before it is scored. */
export const INSPECTED_BYTES = 1024 * 1024;
export const PREVIEW_ROWS = 20;
export const MOST_COLUMNS = 1000;
/** The bars of the histogram; the grey zone's ends are ends of bars. */
export const BARS = 40;
/** How many of a file's rows are kept to be shown: the first, the riskiest, and those with errors. */
export const KEPT = { first: 1000, top: 100, errors: 1000 };
