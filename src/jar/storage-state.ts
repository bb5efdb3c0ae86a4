import type { StoredCookie } from '../scope/cookie-facts.ts';
import { crossSiteAncestor } from '../scope/hop.ts';
import { type LeftOut, leaveOut } from './left-out.ts';
import type { SavedCookie } from './saved-cookie.ts';

/*
 * What `browserContext.storageState()` of Playwright gives and takes. Its strings are text. A dot before the domain means
 * "and below"; `expires` is in seconds, -1 for the browser's session.
 */

/** Playwright's storageState. */
export interface StorageState {
  readonly cookies: readonly StateCookie[];
  readonly origins: readonly object[];
}

interface StateCookie {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  readonly path: string;
  readonly expires: number;
  readonly httpOnly: boolean;
  readonly secure: boolean;
  readonly sameSite: 'Strict' | 'Lax' | 'None';
  /** The top-level site of a Partitioned cookie. */
  readonly partitionKey?: string;
  /** Chromium's: a frame of another site lies between. */
  readonly _crHasCrossSiteAncestor?: boolean;
}

export function isStorageState(json: unknown): json is StorageState {
  const { cookies, origins } = (json ?? {}) as Partial<StorageState>;
  return Array.isArray(cookies) && Array.isArray(origins);
}

/** @throws TypeError for a cookie of another form. */
export function readStorageState({ cookies }: StorageState): SavedCookie[] {
  return cookies.map((cookie, index) => {
    const { name, value, domain, path, expires, httpOnly, secure, sameSite, partitionKey } = cookie ?? {};
    const texts = [name, value, domain, path];
    if (!texts.every((text) => typeof text === 'string') || typeof expires !== 'number')
      throw new TypeError(
        `Not a storageState: its cookie ${index} is not of the form that Playwright writes.`,
      );
    const lower = String(sameSite).toLowerCase();
    const behind = cookie._crHasCrossSiteAncestor === true && isOwnSite(domain, partitionKey);
    return {
      name,
      value,
      domain: domain.replace(/^\./, ''),
      hostOnly: !domain.startsWith('.'),
      path,
      secure: secure === true,
      httpOnly: httpOnly === true,
      ...((lower === 'lax' || lower === 'strict' || lower === 'none') && { sameSite: lower }),
      ...(expires >= 0 && { expires: expires * 1_000 }),
      ...(partitionKey !== undefined && { partition: `${partitionKey}${behind ? crossSiteAncestor : ''}` }),
    };
  });
}

/** Whether a cookie is of its own partition's site, as far as the two names tell. */
function isOwnSite(domain: string, partition: string | undefined): boolean {
  const site = URL.parse(partition ?? '')?.hostname;
  return site !== undefined && `.${domain}`.endsWith(`.${site}`);
}

/**
 * A jar as Playwright's storageState, values included, and what it cannot say: octets that are no UTF-8. A cookie without SameSite
 * is written as Lax.
 *
 * @example
 * ```ts
 * import { CookieJar, writeStorageState } from 'hallpass/jar';
 *
 * const jar = new CookieJar();
 * jar.set('id=7; Domain=example.com; Secure', 'https://example.com/');
 * console.log(writeStorageState(jar).state.cookies[0]?.domain); // → .example.com
 * ```
 */
export function writeStorageState(jar: { all(): StoredCookie[] }): {
  state: StorageState;
  leftOut: readonly LeftOut[];
} {
  const { kept, leftOut } = leaveOut(jar, ({ encoding }) =>
    encoding === undefined
      ? undefined
      : 'It holds octets that are no UTF-8, which a storageState cannot say.',
  );
  return { state: { cookies: kept.map(writeStateCookie), origins: [] }, leftOut };
}

const sameSites = { strict: 'Strict', lax: 'Lax', none: 'None' } as const;

function writeStateCookie(cookie: StoredCookie): StateCookie {
  const { name, value, domain, hostOnly, path, expires, httpOnly, secure, sameSite, partition } = cookie;
  const behind = partition?.endsWith(crossSiteAncestor) === true;
  return {
    name,
    value,
    domain: hostOnly ? domain : `.${domain}`,
    path,
    expires: expires === Number.POSITIVE_INFINITY ? -1 : expires / 1_000,
    httpOnly,
    secure,
    sameSite: sameSites[sameSite ?? 'lax'],
    ...(partition !== undefined && {
      partitionKey: behind ? partition.slice(0, -crossSiteAncestor.length) : partition,
      _crHasCrossSiteAncestor: behind || !isOwnSite(domain, partition),
    }),
  };
}
