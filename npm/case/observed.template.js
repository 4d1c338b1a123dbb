/** What was observed of this package's case: set in when the package is made. */
export const observed = @@observed@@;
