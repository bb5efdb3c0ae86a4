import type { StoredCookie } from '../scope/cookie-facts.ts';
import type { EngineRules } from '../scope/engines.ts';
import { pathMatches } from '../scope/path.ts';
import { CookieIndex, sameKey } from './cookie-index.ts';
import type { PathIndex } from './path-index.ts';

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

/** The cookies of one domain. */
export interface Bucket {
  readonly domain: string;
  /** The registrable domain. */
  readonly site: string;
  /** In the order of retrieval. What a snapshot shows is never written to: a write goes to a copy then. */
  cookies: JarCookie[];
  /** Of each of them, the turn of the jar at which it was last set or sent. Beside the records, for sending is no write. */
  readonly used: number[];
  /** True once a snapshot shows its cookies. */
  inSnapshot: boolean;
  /** The headers that were made of it, by the paths of the requests. */
  headers: Map<string, CachedHeader> | undefined;
  /** Its cookies by their paths, once it was large and somebody has looked for those of one. */
  byPath: PathIndex<JarCookie> | undefined;
  /** Its cookies by their keys, once it was large and somebody has looked for one. */
  byKey: CookieIndex<JarCookie> | undefined;
}

/** The cookies of one domain, as a snapshot shows them. */
export type CookieList = Pick<Bucket, 'cookies'>;

/** Buckets up to this size are simply gone through. */
export const smallBucket = 32;

/** Longer paths first, then earlier creation. rfc6265bis §5.8.3. */
export function byRetrieval(a: JarCookie, b: JarCookie): number {
  return b.path.length - a.path.length || a.order - b.order;
}

/** The order in which an engine sends the cookies of one request. */
export function retrievalOrder({ nearestDomainFirst }: EngineRules): typeof byRetrieval {
  return nearestDomainFirst ? byNearestDomain : byRetrieval;
}

/** All of them go to one host, so that a longer domain is a nearer one. */
function byNearestDomain(a: JarCookie, b: JarCookie): number {
  const length = b.path.length - a.path.length || b.domain.length - a.domain.length;
  return length || Number(a.hostOnly) - Number(b.hostOnly) || a.order - b.order;
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

/** Where the cookie with the same key stands, -1 when none does. */
export function placeOf(bucket: Bucket, cookie: StoredCookie): number {
  const { cookies } = bucket;
  if (cookies.length > smallBucket) {
    bucket.byKey ??= new CookieIndex(cookies);
    const found = bucket.byKey.get(cookie);
    return found === undefined ? -1 : placeOfRecord(bucket, found);
  }
  for (let at = 0; at < cookies.length; at++) if (sameKey(cookies[at]!, cookie)) return at;
  return -1;
}

/** Where this very record stands, -1 when it was removed or replaced. */
export function placeOfRecord({ cookies }: Bucket, record: JarCookie): number {
  const at = countBefore(cookies, record);
  return cookies[at] === record ? at : -1;
}

/** How many of the cookies come before this one in the order of retrieval. */
function countBefore(cookies: readonly JarCookie[], cookie: JarCookie): number {
  let [low, high] = [0, cookies.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (byRetrieval(cookies[middle]!, cookie) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
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

export function newBucket(domain: string, site: string, cookies: JarCookie[], used: number[]): Bucket {
  return {
    domain,
    site,
    cookies,
    used,
    inSnapshot: false,
    headers: undefined,
    byPath: undefined,
    byKey: undefined,
  };
}

/** Instead of a path, which begins with a slash: for every one of them. */
export const everyPath = '';
/** For how many paths a header is kept. */
const keptPaths = 16;

/** True where all cookies have the path `/`: the longest paths come first. */
export const isForEveryPath = ({ cookies }: Bucket): boolean => cookies[0]?.path === '/';

/** Keeps a header for the requests to come. */
export function keepHeader(bucket: Bucket, path: string, header: CachedHeader): void {
  bucket.headers ??= new Map();
  const { headers } = bucket;
  if (headers.size >= keptPaths) headers.clear();
  headers.set(isForEveryPath(bucket) ? everyPath : path, header);
}

/** A write in a cookie's place changes the headers only of the paths that the cookie goes to. */
function forgetHeaders(bucket: Bucket, cookiePath: string): void {
  const { headers } = bucket;
  if (headers === undefined) return;
  if (cookiePath === '/') bucket.headers = undefined;
  else for (const path of headers.keys()) if (pathMatches(path, cookiePath)) headers.delete(path);
}

/** Puts one cookie more where the order of retrieval wants it. */
export function insert(bucket: Bucket, next: JarCookie, turn: number): void {
  const { cookies, used, byKey, byPath } = bucket;
  bucket.headers = undefined;
  const at = countBefore(cookies, next);
  if (at === cookies.length) {
    cookies.push(next);
    used.push(turn);
  } else {
    cookies.splice(at, 0, next);
    used.splice(at, 0, turn);
  }
  byKey?.put(next);
  byPath?.put(next);
}

/** Puts another record in the place of one with the same key. */
export function replace(bucket: Bucket, at: number, next: JarCookie, turn: number): void {
  bucket.cookies[at] = next;
  bucket.used[at] = turn;
  bucket.byKey?.put(next);
  bucket.byPath?.put(next);
  forgetHeaders(bucket, next.path);
}

/** Removes these records, as far as they are there. */
export function remove(bucket: Bucket, going: readonly JarCookie[]): void {
  const { cookies, used, byKey, byPath } = bucket;
  bucket.headers = undefined;
  if (going.length === 1) {
    const at = placeOfRecord(bucket, going[0]!);
    if (at < 0) return;
    dropAt(cookies, at);
    dropAt(used, at);
    byKey?.delete(going[0]!);
    byPath?.delete(going[0]!);
    return;
  }
  const all = new Set(going);
  let kept = 0;
  for (const [at, one] of cookies.entries()) {
    if (all.has(one)) {
      byKey?.delete(one);
      byPath?.delete(one);
    } else {
      cookies[kept] = one;
      used[kept++] = used[at]!;
    }
  }
  cookies.length = kept;
  used.length = kept;
}

/** The first one goes most often, and `shift` moves nothing. */
function dropAt(list: unknown[], at: number): void {
  if (at === 0) list.shift();
  else list.splice(at, 1);
}

export function* cookiesIn(buckets: Iterable<CookieList>): Generator<JarCookie> {
  for (const { cookies } of buckets) yield* cookies;
}
