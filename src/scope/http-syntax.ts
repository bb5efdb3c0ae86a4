import { isForbiddenMethod } from './http-semantics.ts';

/** What may stand in a token, as a part of a pattern. RFC 9110 §5.6.2. */
export const tokenPattern = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";

const token = new RegExp(`^${tokenPattern}$`);

/** True for what may name a header, a method or a cookie. RFC 9110 §5.6.2. */
export const isToken = (text: string): boolean => token.test(text);

const upperCased: ReadonlySet<string> = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT']);

/** A method as `fetch` sends it: six are the same in any case, and of all others each letter counts. Fetch §2.2.1. */
export function normalMethod(method: string): string {
  const upper = method.toUpperCase();
  return upperCased.has(upper) ? upper : method;
}

/**
 * A method as an option names it, in the letters in which it is sent.
 * @param where the option, for the message
 * @throws TypeError for what no request has as its method, and for one that fetch would leave in lower case, as `patch`
 */
export function namedMethod(method: unknown, where: string): string {
  if (typeof method !== 'string' || !isToken(method) || isForbiddenMethod(method)) {
    const given = typeof method === 'string' ? JSON.stringify(method) : typeof method;
    throw new TypeError(`${where}: ${given} is the method of no request: write one as 'POST'.`);
  }
  const normal = normalMethod(method);
  const upper = normal.toUpperCase();
  if (normal === upper) return normal;
  throw new TypeError(
    `${where}: '${method}' would never match '${upper}', which is another method; write '${upper}'.`,
  );
}

/** Undoes percent-encoding; a text that does not decode as a whole is given as it came. Never throws. RFC 3986 §2.1. */
export function percentDecoded(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
