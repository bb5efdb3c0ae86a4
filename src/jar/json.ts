import type { SameSite, StoredCookie } from '../scope/cookie-facts.ts';
import { holdsOctets } from '../scope/octets.ts';
import type { SavedCookie } from './saved-cookie.ts';
import { isStorageState, readStorageState } from './storage-state.ts';
import { isToughCookieJar, readToughCookieJar } from './tough-cookie.ts';

/** A jar as JSON, values included: keep it as you keep the cookies themselves. */
export interface SavedJar {
  readonly version: 1;
  /** In the order of creation. */
  readonly cookies: readonly SavedCookie[];
}

/** A cookie in text as a saved jar has it. */
export function saveCookie(cookie: StoredCookie): SavedCookie {
  const { name, value, domain, hostOnly, path, secure, httpOnly, sameSite, expires, createdAt } = cookie;
  const { partition, encoding } = cookie;
  return {
    name,
    value,
    domain,
    hostOnly,
    path,
    secure,
    httpOnly,
    ...(sameSite !== undefined && { sameSite }),
    ...(expires !== Number.POSITIVE_INFINITY && { expires }),
    createdAt,
    ...(partition !== undefined && { partition }),
    ...(encoding !== undefined && { encoding }),
  };
}

/**
 * The cookies of a jar in JSON: what `jar.export()` gave, a jar of tough-cookie (`toJSON`, `serializeSync`), or Playwright's
 * `storageState`. Nothing is judged yet: `jar.add` does.
 * @throws TypeError for what is none of them. The values stand in no message.
 *
 * @example
 * ```ts
 * import { CookieJar, readCookiesJson } from 'hallpass/jar';
 *
 * const state = {
 *   cookies: [{ name: 'id', value: '7', domain: '.example.com', path: '/', expires: -1, httpOnly: true, secure: true, sameSite: 'Lax' }],
 *   origins: [],
 * };
 * const jar = new CookieJar();
 * jar.add(readCookiesJson(state));
 * console.log(jar.header('https://shop.example.com/')); // → id=7
 * ```
 */
export function readCookiesJson(json: unknown): SavedCookie[] {
  if (typeof json === 'string')
    throw new TypeError('A saved jar is given as the value that its text says: pass JSON.parse(text).');
  if (isToughCookieJar(json)) return readToughCookieJar(json);
  if (isStorageState(json)) return readStorageState(json);
  return readSavedJar(json);
}

/** The cookies of what `jar.export()` gave. @throws TypeError for anything else. */
export function readSavedJar(json: unknown): SavedCookie[] {
  const { version, cookies } = (json ?? {}) as { version?: unknown; cookies?: unknown };
  if (version !== 1 || !Array.isArray(cookies)) {
    throw new TypeError(
      'Not a saved jar: pass what jar.export() gave, a jar of tough-cookie, or a storageState of Playwright. toJSON() of a jar leaves the values out and cannot be read back.',
    );
  }
  return cookies.map(readSavedCookie);
}

function readSavedCookie(saved: SavedCookie, index: number): SavedCookie {
  const texts = [saved?.name, saved?.value, saved?.domain, saved?.path];
  const flags = [saved?.hostOnly, saved?.secure, saved?.httpOnly];
  const { sameSite, expires, createdAt, partition, encoding } = saved ?? {};
  const sound =
    texts.every((text) => typeof text === 'string') &&
    flags.every((flag) => typeof flag === 'boolean') &&
    (expires === undefined || typeof expires === 'number') &&
    (createdAt === undefined || typeof createdAt === 'number') &&
    (partition === undefined || typeof partition === 'string') &&
    (encoding === undefined || (encoding === 'latin1' && texts.every(holdsOctets))) &&
    isSameSite(sameSite);
  if (!sound)
    throw new TypeError(`Not a saved jar: its cookie ${index} is not of the form that jar.export() writes.`);
  return saved;
}

const isSameSite = (value: unknown): value is SameSite | undefined =>
  value === undefined || value === 'lax' || value === 'strict' || value === 'none';
