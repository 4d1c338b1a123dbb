/** Answers the REST contract with the shipped model. What a runtime gives beside the request is not looked at. */
export function fetch(request: Request): Promise<Response>;
/** The same as the default export that edge runtimes ask for. */
declare const server: { fetch: typeof fetch };
export default server;
