import { defineCookie } from '../cookie/define.ts';
import { cookieHeaderOf, findCookie, looksJoined, parseCookieHeader } from '../cookie/header.ts';
import type { RequestSource } from '../cookie/request-source.ts';
import type { CookieAttributes } from '../cookie/types.ts';

/** What a request brought. */
export interface FoundCookie {
  /** Of the first one, as the most specific. */
  readonly value: string | undefined;
  /** How many came. */
  readonly count: number;
  /** True when its value goes on with another cookie after a comma, or another one's value with it. */
  readonly joined: boolean;
}

const none: FoundCookie = { value: undefined, count: 0, joined: false };

/** The cookie of a session: found in a request, written as Set-Cookie lines. */
export interface SessionCookie {
  readonly name: string;
  readonly attributes: Readonly<CookieAttributes>;
  find(from: RequestSource): FoundCookie;
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
    attributes: definition.attributes,
    find(from) {
      const header = cookieHeaderOf(from);
      const value = findCookie(header, name);
      if (value === undefined) {
        return header.includes(`${name}=`) && swallowed(header, name) ? { ...none, joined: true } : none;
      }
      const joined = looksJoined(value);
      // From the front: to look for a text from behind is far slower.
      const again = header.indexOf(name, header.indexOf(name) + 1);
      if (again === -1) return { value, count: 1, joined };
      const count = parseCookieHeader(header).filter((pair) => pair.name === name).length;
      return { value, count, joined };
    },
    write: (value, maxAge) => [definition.serialize(value, { maxAge })],
    erase: () => definition.serializeDelete(),
  };
}

const swallowed = (header: string, name: string): boolean =>
  parseCookieHeader(header).some(({ value }) => value.includes(`${name}=`) && looksJoined(value));
