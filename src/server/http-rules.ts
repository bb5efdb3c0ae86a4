/** Rules of HTTP that adapters need: they import the server, and it alone. */
export { hasNoBody, isForbiddenMethod } from '../scope/http-semantics.ts';
export { tokenPattern } from '../scope/http-syntax.ts';
