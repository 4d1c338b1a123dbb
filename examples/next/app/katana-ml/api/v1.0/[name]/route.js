import { handle } from "risk";

/** The REST contract, at the path that the case says: a request in, a response out. */
const answer = (request) => handle(request);

export { answer as GET, answer as POST };
