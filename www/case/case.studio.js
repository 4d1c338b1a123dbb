/** The studio is around no case: as in `case.js`, without one. */
const none = { title: "Wardian", language: "en", languages: [] };

export const theCase = () => none;
export const caseIn = async () => none;
export function speak() {}
export const wordsElsewhere = async () => undefined;
