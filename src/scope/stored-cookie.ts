import { type CookieScope, maxCookieLifetime, scopeOf } from './admit.ts';
import type { SetCookie, StoredCookie } from './cookie-facts.ts';
import { type HopFacts, partitionFor } from './hop.ts';

/** What a jar keeps of an admitted cookie. rfc6265bis §5.7. */
export function storedFrom(
  cookie: SetCookie,
  hop: HopFacts & { readonly url: URL },
  { domain, hostOnly, path }: CookieScope = scopeOf(cookie, hop.url, hop.suffixes),
): StoredCookie {
  return {
    name: cookie.name,
    value: cookie.value,
    domain,
    hostOnly,
    path,
    secure: cookie.secure === true,
    httpOnly: cookie.httpOnly === true,
    sameSite: cookie.sameSite,
    expires: expiryOf(cookie, hop.time),
    createdAt: hop.time,
    partition: partitionFor(cookie, hop),
  };
}

/** Max-Age wins over Expires; neither = as long as the jar's session. At most 400 days. rfc6265bis §5.5, §5.7. */
function expiryOf({ maxAge, expires }: SetCookie, time: number): number {
  if (maxAge === undefined && expires === undefined) return Number.POSITIVE_INFINITY;
  if (maxAge !== undefined && maxAge <= 0) return Number.NEGATIVE_INFINITY;
  const asked = maxAge === undefined ? expires!.getTime() : time + maxAge * 1_000;
  return Math.min(asked, time + maxCookieLifetime);
}
