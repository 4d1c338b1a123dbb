/** Where predictions are asked for, and the document about that. */
export const contract = BUILD.contract;
