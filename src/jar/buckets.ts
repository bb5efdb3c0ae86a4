import type { StoredCookie } from '../scope/cookie-facts.ts';

/** A cookie as the jar keeps it. */
export interface JarCookie extends StoredCookie {
  /** Counts the cookies that the jar created: several come in one millisecond. Kept when the cookie is updated. */
  readonly order: number;
}

/** A Cookie header that was made of one bucket for one path, and the requests that it holds for. */
export interface CachedHeader {
  readonly header: string;
  /** The places of its cookies in the bucket. */
  readonly places: readonly number[];
  readonly secure: boolean;
  readonly ownHost: boolean;
  /** When the first of the cookies expires; milliseconds since 1970. */
  readonly until: number;
}

/** The cookies of one domain. A write makes another bucket; only what is remembered beside the cookies changes. */
export interface Bucket {
  readonly domain: string;
  /** The registrable domain. */
  readonly site: string;
  /** In the order of retrieval. */
  readonly cookies: readonly JarCookie[];
  /** Of each of them, the turn of the jar at which it was last set or sent. Beside the records, for sending is no write. */
  readonly used: number[];
  /** The headers that were made of it, by the paths of the requests. */
  headers: Map<string, CachedHeader> | undefined;
  /** The places of its cookies by their paths, once somebody has looked for them. */
  byPath: ReadonlyMap<string, readonly number[]> | undefined;
}

/** Longer paths first, then earlier creation. rfc6265bis §5.8.3. */
export function byRetrieval(a: JarCookie, b: JarCookie): number {
  return b.path.length - a.path.length || a.order - b.order;
}

/** A cookie as a record: always of one shape, and sharing its domain's text with its neighbours. */
export function recordOf(cookie: StoredCookie, domain: string, createdAt: number, order: number): JarCookie {
  const { name, value, hostOnly, path, secure, httpOnly, sameSite, expires, partition } = cookie;
  return {
    name,
    value,
    domain,
    hostOnly,
    path,
    secure,
    httpOnly,
    sameSite,
    expires,
    createdAt,
    partition,
    order,
  };
}

/** Where the cookie with the same key stands, -1 when none does. rfc6265bis §5.7; the partition is CHIPS'. */
export function placeOf(
  cookies: readonly JarCookie[],
  { name, path, hostOnly, partition }: StoredCookie,
): number {
  for (let at = 0; at < cookies.length; at++) {
    const one = cookies[at]!;
    if (one.name === name && one.path === path && one.hostOnly === hostOnly && one.partition === partition)
      return at;
  }
  return -1;
}

/** True when writing `b` over `a`, which has the same key, would change nothing. */
export function sameCookie(a: StoredCookie, b: StoredCookie): boolean {
  return (
    a.value === b.value &&
    a.expires === b.expires &&
    a.secure === b.secure &&
    a.httpOnly === b.httpOnly &&
    a.sameSite === b.sameSite
  );
}

/** A bucket of the same domain with other cookies, of which no header is made yet. */
function changed({ domain, site }: Bucket, cookies: readonly JarCookie[], used: number[]): Bucket {
  return { domain, site, cookies, used, headers: undefined, byPath: undefined };
}

/** `bucket` with one cookie more, where the order of retrieval puts it. */
export function inserted(bucket: Bucket, next: JarCookie, turn: number): Bucket {
  const { cookies, used } = bucket;
  let at = cookies.length;
  while (at > 0 && byRetrieval(next, cookies[at - 1]!) < 0) at--;
  if (at === cookies.length) return changed(bucket, [...cookies, next], [...used, turn]);
  return changed(bucket, cookies.toSpliced(at, 0, next), used.toSpliced(at, 0, turn));
}

/** `bucket` with another record in the place of one with the same key. */
export function replaced(bucket: Bucket, at: number, next: JarCookie, turn: number): Bucket {
  const { cookies, used } = bucket;
  used[at] = turn;
  return changed(bucket, cookies.with(at, next), used);
}

/** `bucket` without these cookies. */
export function without(bucket: Bucket, going: ReadonlySet<StoredCookie>): Bucket {
  const { cookies, used } = bucket;
  const stays = (_: unknown, at: number) => !going.has(cookies[at]!);
  return changed(bucket, cookies.filter(stays), used.filter(stays));
}

export function* cookiesIn(buckets: Iterable<Bucket>): Generator<JarCookie> {
  for (const { cookies } of buckets) yield* cookies;
}
