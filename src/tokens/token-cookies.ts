import { defineCookie } from '../cookie/define.ts';
import { parseCookieHeader } from '../cookie/header.ts';
import type { CookieDefinition } from '../cookie/types.ts';
import type { TokenCookie, TokenOptions } from './options.ts';

export type CookieKind = 'access' | 'refresh';

/** The two cookies of a visitor. */
export interface TokenCookies {
  /** The value of the first one, as the most specific, and how many came where there are several. @param header a Cookie header */
  read(
    kind: CookieKind,
    header: string | undefined,
  ): { value: string | undefined; name: string; count: number };
  /** The lines for both. @param life seconds of each @throws TypeError when a browser would drop one. */
  write(tokens: { access: string; refresh: string }, life: { access: number; refresh: number }): string[];
  /** The lines that expire both. */
  erase(): string[];
}

/** @throws TypeError for attributes that cookies of tokens cannot have; the sentence says the fix. */
export function tokenCookies(options: TokenOptions['cookie'] = {}): TokenCookies {
  const access = define('access', 'lax', options.access);
  const refresh = define('refresh', 'strict', options.refresh);
  if (access.name === refresh.name) throw new TypeError('The cookies of tokens need two different names.');

  return {
    read(kind, header = '') {
      const definition = kind === 'access' ? access : refresh;
      const { name } = definition;
      // Only a header that holds the name twice is worth a closer look.
      const count =
        header.indexOf(name) === header.lastIndexOf(name)
          ? 1
          : parseCookieHeader(header).filter((one) => one.name === name).length;
      return { value: definition.read(header), name, count };
    },
    write: (tokens, life) => [
      access.serialize(tokens.access, { maxAge: life.access }),
      refresh.serialize(tokens.refresh, { maxAge: life.refresh }),
    ],
    erase: () => [...access.serializeDelete(), ...refresh.serializeDelete()],
  };
}

function define(
  kind: CookieKind,
  sameSite: 'lax' | 'strict',
  options: TokenCookie = {},
): CookieDefinition<string, string | undefined> {
  const { name = prefixOf(options) + kind, ...attributes } = options;
  if (attributes.maxAge !== undefined || attributes.expires !== undefined) {
    throw new TypeError(
      `The lifetime of the ${kind} cookie is its token's: leave maxAge and expires out of cookie.${kind}.`,
    );
  }
  return defineCookie(name, { sameSite, ...attributes, sensitive: true });
}

/** The strongest prefix that the attributes permit. rfc6265bis §4.1.3. */
function prefixOf({ path = '/', domain }: TokenCookie): string {
  return path === '/' && domain === undefined ? '__Host-' : '__Secure-';
}
