/** What the command line is of: set in when the package is made. */
export const command = @@command@@;
