import { type ProgramRequest, travels } from '../scope/release.ts';
import type { Bucket, JarCookie } from './buckets.ts';

/** The buckets that may hold cookies for a host, its own first: only they are asked. */
export function bucketsFor(get: (domain: string) => Bucket | undefined, host: string): Bucket[] {
  const buckets: Bucket[] = [];
  for (let at = 0; ; ) {
    const bucket = get(at === 0 ? host : host.slice(at));
    if (bucket !== undefined) buckets.push(bucket);
    at = host.indexOf('.', at) + 1;
    if (at === 0) return buckets;
  }
}

/** Cookies as a Cookie header writes them. rfc6265bis §5.8.3. */
export function headerOf(cookies: readonly JarCookie[]): string {
  let header = '';
  for (const { name, value } of cookies) {
    if (header !== '') header += '; ';
    header += name === '' ? value : `${name}=${value}`;
  }
  return header;
}

/** A header that was made of one bucket for one path, and the requests that it holds for. */
export interface Made {
  readonly header: string;
  readonly secure: boolean;
  readonly ownHost: boolean;
  /** When the first of the cookies expires; milliseconds since 1970. */
  readonly until: number;
}

/**
 * The header for a program's request that finds one bucket only, which is what nearly every request does.
 * A bucket never changes, so what was made of it holds until a cookie expires.
 */
export function headerOfOne(bucket: Bucket, request: ProgramRequest, ownHost: boolean): string {
  bucket.made ??= new Map();
  const { made } = bucket;
  const before = made.get(everyPath) ?? made.get(request.path);
  if (
    before !== undefined &&
    before.secure === request.secure &&
    before.ownHost === ownHost &&
    request.time < before.until
  ) {
    return before.header;
  }
  const near = cookiesNear(bucket, request.path);
  const header = headerOf(near.filter((cookie) => travels(cookie, request, ownHost)));
  if (near.some((cookie) => cookie.partition !== undefined)) return header;
  const everywhere = near.length === bucket.cookies.length && near.every(isForEveryPath);
  let until = Number.POSITIVE_INFINITY;
  for (const { expires } of near) if (expires > request.time && expires < until) until = expires;
  if (made.size >= rememberedPaths) made.clear();
  made.set(everywhere ? everyPath : request.path, { header, secure: request.secure, ownHost, until });
  return header;
}

/** Instead of a path, which begins with a slash: for every one of them. */
const everyPath = '';
/** For how many paths a header is remembered. */
const rememberedPaths = 16;

const isForEveryPath = ({ path }: JarCookie) => path === '/';

/** Buckets up to this size are simply gone through. */
const smallBucket = 32;
/** A path longer than this has more beginnings than are worth looking up. */
const longestLookedUp = 512;

/** The cookies of a bucket that a request path may carry, in the order of retrieval: those of the path's beginnings. */
function cookiesNear(bucket: Bucket, path: string): readonly JarCookie[] {
  const { cookies } = bucket;
  if (cookies.length <= smallBucket || path.length > longestLookedUp) return cookies;
  bucket.byPath ??= Map.groupBy(cookies, (cookie) => cookie.path);
  const { byPath } = bucket;
  return beginningsOf(path).flatMap((beginning) => byPath.get(beginning) ?? none);
}

const none: readonly JarCookie[] = [];

/** Every cookie path that a request path lies at or below, the longest first. rfc6265bis §5.1.4. */
function beginningsOf(path: string): string[] {
  const beginnings = [path];
  for (let at = path.lastIndexOf('/'); at >= 0; at = at === 0 ? -1 : path.lastIndexOf('/', at - 1)) {
    if (at + 1 < path.length) beginnings.push(path.slice(0, at + 1));
    if (at > 0 && path.charCodeAt(at - 1) !== 0x2f /* / */) beginnings.push(path.slice(0, at));
  }
  return beginnings;
}
