import { isCredential } from './headers.ts';

/** Names of headers that hold a secret, by their ending or beginning. */
const marked = /-(?:key|token|secret)$|^x-auth/;

/**
 * True for a header whose value is known as a secret although nobody declared a credential: Authorization,
 * Proxy-Authorization, Cookie, `*-key`, `*-token`, `*-secret`, `x-auth*`, and what the client lists. `name` in lower case.
 */
export const isSecretHeader = (name: string, listed: ReadonlySet<string>): boolean =>
  isCredential(name) || marked.test(name) || listed.has(name);

/** `secretHeaders` of the options, in lower case. */
export function readSecretHeaders(names: readonly string[] = []): ReadonlySet<string> {
  return new Set(names.map((name) => name.toLowerCase()));
}
