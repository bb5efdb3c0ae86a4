import { isToken } from '../../scope/http-syntax.ts';
import { isCredential } from './headers.ts';

/** Names of headers that hold a secret, by their ending or beginning. */
const marked = /-(?:key|token|secret)$|^x-auth/;

/**
 * True for a header whose value is known as a secret although nobody declared a credential: Authorization,
 * Proxy-Authorization, Cookie, `*-key`, `*-token`, `*-secret`, `x-auth*`, and what the client lists. `name` in lower case.
 */
export const isSecretHeader = (name: string, listed: ReadonlySet<string>): boolean =>
  isCredential(name) || marked.test(name) || listed.has(name);

/** `secretHeaders` of the options, in lower case. @throws TypeError for what are no names of headers. */
export function readSecretHeaders(names: readonly string[] = []): ReadonlySet<string> {
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string' && isToken(name)))
    throw new TypeError("secretHeaders is an array of header names, as ['apikey'].");
  return new Set(names.map((name) => name.toLowerCase()));
}
