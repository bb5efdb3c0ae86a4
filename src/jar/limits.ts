import type { Bucket, JarCookie } from './buckets.ts';

/** How many cookies a jar keeps. rfc6265bis §5.7 asks for 50 a domain and 3000 in total at least. */
export interface JarLimits {
  /** For one registrable domain. Default: 180, as in browsers. */
  readonly maxPerSite: number;
  /** In the whole jar. Default: 3000. */
  readonly maxCookies: number;
}

const defaultLimits: JarLimits = { maxPerSite: 180, maxCookies: 3000 };

/** @throws TypeError for what is no number of cookies */
export function limitsOf({ maxPerSite, maxCookies }: Partial<JarLimits> = {}): JarLimits {
  const limits = {
    maxPerSite: maxPerSite ?? defaultLimits.maxPerSite,
    maxCookies: maxCookies ?? defaultLimits.maxCookies,
  };
  for (const [name, count] of Object.entries(limits)) {
    if (!(count >= 0)) throw new TypeError(`limits.${name} is a number of cookies, 0 or more.`);
  }
  return limits;
}

interface Candidate {
  readonly cookie: JarCookie;
  /** The turn of the jar at which it was last set or sent. */
  readonly used: number;
}

function* candidatesIn(buckets: Iterable<Bucket>): Generator<Candidate> {
  for (const { cookies, used } of buckets) {
    for (let at = 0; at < cookies.length; at++) yield { cookie: cookies[at]!, used: used[at]! };
  }
}

/** Who goes first: what has expired, then what is not Secure, then the rest. */
function rank(cookie: JarCookie, time: number): number {
  if (cookie.expires <= time) return 0;
  return cookie.secure ? 2 : 1;
}

/** The `count` cookies that have to go; of equal ones those that were set or sent longest ago. rfc6265bis §5.7. */
export function chooseVictims(buckets: Iterable<Bucket>, count: number, time: number): JarCookie[] {
  const before = (a: Candidate, b: Candidate) =>
    rank(a.cookie, time) - rank(b.cookie, time) || a.used - b.used || a.cookie.order - b.cookie.order;
  const candidates = candidatesIn(buckets);
  if (count > 1) {
    const ordered = [...candidates].sort(before).slice(0, count);
    return ordered.map(({ cookie }) => cookie);
  }
  let victim: Candidate | undefined;
  for (const one of candidates) if (victim === undefined || before(one, victim) < 0) victim = one;
  return victim === undefined ? [] : [victim.cookie];
}
