/** What is this package's case: set in when the package is made. */
export const contract = @@contract@@;
export const card = @@card@@;
export const about = @@about@@;
export const units = @@units@@;
