/** Older workerd has no such registry: models that nobody can reach any more are then given back with the worker. */
const Registry = globalThis.FinalizationRegistry ?? class { register() {} unregister() {} };
export { Registry as FinalizationRegistry };
