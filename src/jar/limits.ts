import type { JarCookie } from './buckets.ts';

/** How many cookies a jar keeps. rfc6265bis §5.7 asks for 50 a domain and 3000 in total at least. */
export interface JarLimits {
  /** For one registrable domain. 180 as in browsers. */
  readonly perSite: number;
  readonly total: number;
}

export const defaultLimits: JarLimits = { perSite: 180, total: 3000 };

/** Who goes first: what has expired, then what is not Secure, then the rest; the oldest of each. */
function rank(cookie: JarCookie, time: number): number {
  if (cookie.expires <= time) return 0;
  return cookie.secure ? 2 : 1;
}

/** The `count` cookies that have to go. */
export function chooseVictims(cookies: Iterable<JarCookie>, count: number, time: number): JarCookie[] {
  const before = (a: JarCookie, b: JarCookie) => rank(a, time) - rank(b, time) || a.order - b.order;
  if (count > 1) return [...cookies].sort(before).slice(0, count);
  let victim: JarCookie | undefined;
  for (const cookie of cookies) if (victim === undefined || before(cookie, victim) < 0) victim = cookie;
  return victim === undefined ? [] : [victim];
}
