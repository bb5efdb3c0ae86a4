import { defineCookie } from '../cookie/define.ts';
import { cookieHeaderOf, findCookie, parseCookieHeader } from '../cookie/header.ts';
import type { CookieAttributes, CookieSource } from '../cookie/types.ts';

/** The cookie of a session: found in a request, written as Set-Cookie lines. */
export interface SessionCookie {
  readonly name: string;
  /** The first one, as the most specific, and how many came. */
  find(from: CookieSource): { value: string; count: number } | undefined;
  /** @param maxAge seconds; `null` = until the browser closes. */
  write(value: string, maxAge: number | null): string[];
  erase(): string[];
}

/** @throws TypeError for attributes that a session cookie cannot have. */
export function sessionCookie(options: CookieAttributes & { name?: string } = {}): SessionCookie {
  const { name = '__Host-session', ...attributes } = options;
  if (attributes.maxAge !== undefined || attributes.expires !== undefined) {
    throw new TypeError(
      'The lifetime of a session cookie follows from remember: leave maxAge and expires out.',
    );
  }
  if (attributes.httpOnly === false) {
    throw new TypeError(
      'A session cookie is HttpOnly, or any script could take the session: leave httpOnly out.',
    );
  }
  const definition = defineCookie(name, attributes);

  return {
    name,
    find(from) {
      const header = cookieHeaderOf(from);
      const value = findCookie(header, name);
      if (value === undefined) return undefined;
      if (header.indexOf(name) === header.lastIndexOf(name)) return { value, count: 1 };
      return { value, count: parseCookieHeader(header).filter((pair) => pair.name === name).length };
    },
    write: (value, maxAge) => [definition.serialize(value, { maxAge })],
    erase: () => definition.serializeDelete(),
  };
}
