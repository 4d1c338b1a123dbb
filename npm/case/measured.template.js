/** What rows with labels tell of this package's case: set in when the package is made. */
export const certainty = @@certainty@@;
export const figures = @@figures@@;
export const classes = @@classes@@;
