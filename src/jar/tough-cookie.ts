import type { StoredCookie } from '../scope/cookie-facts.ts';
import { toOctets } from '../scope/octets.ts';
import { type LeftOut, leaveOut } from './left-out.ts';
import type { SavedCookie } from './saved-cookie.ts';
import { toOctetForm } from './text-form.ts';

/*
 * What `CookieJar.toJSON()` and `serializeSync()` of the package tough-cookie give. Its strings are octets, as a header gave
 * them. Its Max-Age counts from the last use, as tough-cookie itself counts.
 */

/** A jar of tough-cookie as JSON. */
export interface ToughCookieJar {
  readonly version: string;
  readonly cookies: readonly ToughCookie[];
}

/** Times are ISO texts, or `'Infinity'`. */
interface ToughCookie {
  readonly key: string;
  readonly value: string;
  readonly domain: string;
  readonly path: string;
  readonly expires?: string;
  readonly maxAge?: number | string;
  readonly secure?: boolean;
  readonly httpOnly?: boolean;
  readonly hostOnly?: boolean;
  readonly sameSite?: string;
  readonly creation?: string;
  readonly lastAccessed?: string;
}

export function isToughCookieJar(json: unknown): json is ToughCookieJar {
  const { version, cookies } = (json ?? {}) as Partial<ToughCookieJar>;
  return typeof version === 'string' && version.startsWith('tough-cookie@') && Array.isArray(cookies);
}

/** @throws TypeError for a cookie of another form. */
export function readToughCookieJar({ cookies }: ToughCookieJar): SavedCookie[] {
  return cookies.map((cookie, index) => {
    const texts = [cookie?.key ?? '', cookie?.value ?? '', cookie?.domain, cookie?.path];
    if (!texts.every((text) => typeof text === 'string'))
      throw new TypeError(
        `Not a jar of tough-cookie: its cookie ${index} is not of the form that it writes.`,
      );
    const { key = '', value = '', domain, path, hostOnly, secure, httpOnly, creation } = cookie;
    const sameSite = cookie.sameSite?.toLowerCase();
    return {
      name: toOctets(key),
      value: toOctets(value),
      domain,
      hostOnly: hostOnly === true,
      path: toOctets(path),
      secure: secure === true,
      httpOnly: httpOnly === true,
      ...((sameSite === 'lax' || sameSite === 'strict' || sameSite === 'none') && { sameSite }),
      expires: expiryOf(cookie),
      ...(creation !== undefined && { createdAt: Date.parse(creation) || 0 }),
      encoding: 'latin1',
    };
  });
}

function expiryOf({ expires, maxAge, creation, lastAccessed }: ToughCookie): number {
  if (typeof maxAge === 'number') {
    if (maxAge <= 0) return Number.NEGATIVE_INFINITY;
    return (Date.parse(lastAccessed ?? creation ?? '') || 0) + maxAge * 1_000;
  }
  if (maxAge === '-Infinity') return Number.NEGATIVE_INFINITY;
  const time = Date.parse(expires ?? '');
  return maxAge === 'Infinity' || Number.isNaN(time) ? Number.POSITIVE_INFINITY : time;
}

/**
 * A jar as tough-cookie reads it (`CookieJar.fromJSON`), values included, and what it cannot say: Partitioned cookies.
 *
 * @example
 * ```ts
 * import { CookieJar, writeToughCookies } from 'hallpass/jar';
 *
 * const jar = new CookieJar();
 * jar.set('id=7; Secure', 'https://example.com/');
 * console.log(writeToughCookies(jar).json.cookies[0]?.key); // → id
 * ```
 */
export function writeToughCookies(jar: { all(): StoredCookie[] }): {
  json: ToughCookieJar;
  leftOut: readonly LeftOut[];
} {
  const { kept, leftOut } = leaveOut(jar, ({ partition }) =>
    partition === undefined ? undefined : 'It is Partitioned, which tough-cookie does not know.',
  );
  return { json: { version: 'tough-cookie@6', cookies: kept.map(writeToughCookie) }, leftOut };
}

function writeToughCookie(text: StoredCookie): ToughCookie {
  const { name, value, domain, hostOnly, path, secure, httpOnly, sameSite, expires, createdAt } =
    toOctetForm(text);
  const creation = new Date(createdAt).toISOString();
  return {
    key: name,
    value,
    ...(expires !== Number.POSITIVE_INFINITY && { expires: new Date(expires).toISOString() }),
    domain,
    path,
    secure,
    httpOnly,
    hostOnly,
    ...(sameSite !== undefined && { sameSite }),
    creation,
    lastAccessed: creation,
  };
}
