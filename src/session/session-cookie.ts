import { defineCookie } from '../cookie/define.ts';
import {
  type CookieFinder,
  type CookiePair,
  cookieFinder,
  cookieHeaderOf,
  looksJoined,
  parseCookieHeader,
} from '../cookie/header.ts';
import { attributesShape, formerCookies } from '../cookie/options.ts';
import type { RequestSource } from '../cookie/request-source.ts';
import type { CookieAttributes, FormerCookie } from '../cookie/types.ts';
import type { Shape } from '../errors/misuse.ts';
import { maxCookieLifetime } from '../scope/admit.ts';

/** The cookie of sessions: its name, its attributes but for the lifetime, and what it was before. */
export interface SessionCookieOptions extends CookieAttributes {
  /** Default: `'__Host-session'`. */
  name?: string;
  /**
   * What the cookie was before: another name, path, partition or domain (`null`: host-only). Each write of the cookie
   * expires these. A session that comes under a former name goes on, and gets the present cookie with that answer.
   * Default: nothing.
   */
  former?: readonly FormerCookie[];
}

export const sessionCookieShape: Shape<SessionCookieOptions> = {
  ...attributesShape,
  name: 'string',
  former: formerCookies,
};

/** What a request brought. */
export interface FoundCookie {
  /**
   * In the order in which they count: the first, as the most specific; the others, where the name can have several scopes;
   * those of former names.
   */
  readonly cookies: readonly CookiePair[];
  /** How many of the present name came; of a former one, where more did of that. */
  readonly count: number;
  /** That former name. */
  readonly formerName?: string;
  /** True when its value goes on with another cookie after a comma, or another one's value with it. */
  readonly joined: boolean;
}

/** What becomes of the cookie in the browser: nothing, it goes, or it gets a new value. */
export type CookieChange =
  | undefined
  | 'erase'
  /** `until`: ms since 1970, `null` = until the browser closes. */
  | { readonly value: string; readonly until: number | null };

/** A session's cookie with this value: it outlives the browser only where the visitor asked to be remembered. */
export function cookieChange(value: string, row: { remember: boolean; absoluteAt: number }): CookieChange {
  return { value, until: row.remember ? row.absoluteAt : null };
}

const mostOfName = 16;
const hasOneScope = (name: string) => /^__Host-/i.test(name);

const noLines: readonly string[] = Object.freeze([]);
const none: FoundCookie = { cookies: [], count: 0, joined: false };

/** The cookie of a session: found in a request, written as Set-Cookie lines. */
export interface SessionCookie {
  readonly name: string;
  readonly attributes: Readonly<CookieAttributes>;
  /** Names that it had before. */
  readonly formerNames: readonly string[];
  find(from: RequestSource): FoundCookie;
  /** The Set-Cookie lines of a change. @param now in ms since 1970 */
  lines(change: CookieChange, now: number): readonly string[];
}

/** @throws TypeError for attributes that a session cookie cannot have, and in production for one that travels over plain http. */
export function sessionCookie(options: SessionCookieOptions = {}): SessionCookie {
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
  if (attributes.secure === false && globalThis.process?.env?.NODE_ENV === 'production') {
    throw new TypeError(
      `The session cookie ${name} is not Secure, and NODE_ENV is production: remove secure: false, so that it never travels over plain http.`,
    );
  }
  const definition = defineCookie(name, attributes);
  const named = options.former?.map((variant) => variant.name ?? name) ?? [];
  const formerNames = [...new Set(named)].filter((former) => former !== name);
  const find = cookieFinder(name);
  const formerFinders = formerNames.map((former) => [former, cookieFinder(former)] as const);

  return {
    name,
    attributes: definition.attributes,
    formerNames,
    find(from) {
      const header = cookieHeaderOf(from);
      const found = findIn(header, name, find);
      if (formerNames.length === 0) return found;
      let all = found;
      for (const [formerName, finder] of formerFinders) {
        const { cookies, count } = findIn(header, formerName, finder);
        if (count === 0) continue;
        all = {
          ...all,
          cookies: [...all.cookies, ...cookies],
          ...(count > all.count && { count, formerName }),
        };
      }
      return all;
    },
    lines(change, now) {
      if (change === undefined) return noLines;
      if (change === 'erase') return definition.serializeDelete();
      const { value, until } = change;
      // The session ran out while the request was under way, and an end like that clears no cookie.
      if (until !== null && until <= now) return [];
      // The clock may be behind that of the server that named the deadline.
      const life = until === null ? null : Math.min(until - now, maxCookieLifetime);
      return [
        ...definition.serializeFormer(),
        definition.serialize(value, { maxAge: life === null ? null : Math.ceil(life / 1000) }),
      ];
    },
  };
}

function findIn(header: string, name: string, find: CookieFinder): FoundCookie {
  const value = find(header);
  if (value === undefined) {
    return header.includes(`${name}=`) && swallowed(header, name) ? { ...none, joined: true } : none;
  }
  const joined = looksJoined(value);
  // From the front: to look for a text from behind is far slower. Bench row: `sessions.open`, a value read.
  const again = header.indexOf(name, header.indexOf(name) + 1);
  if (again === -1) return { cookies: [{ name, value }], count: 1, joined };
  const values = parseCookieHeader(header).flatMap((pair) => (pair.name === name ? [pair.value] : []));
  const several = hasOneScope(name) ? [value] : [...new Set(values)].slice(0, mostOfName);
  return { cookies: several.map((each) => ({ name, value: each })), count: values.length, joined };
}

const swallowed = (header: string, name: string): boolean =>
  parseCookieHeader(header).some(({ value }) => value.includes(`${name}=`) && looksJoined(value));
