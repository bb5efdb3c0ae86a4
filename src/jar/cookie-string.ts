import { headerOfOctets } from '../scope/octets.ts';
import { isReleased, type ProgramRequest } from '../scope/release.ts';
import {
  type Bucket,
  byRetrieval,
  type CachedHeader,
  everyPath,
  isForEveryPath,
  type JarCookie,
  keepHeader,
  placeOfRecord,
  smallBucket,
} from './buckets.ts';
import { PathIndex } from './path-index.ts';

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

/** Cookies as a Cookie header writes them, for the `Headers` of this runtime. rfc6265bis §5.8.3. */
export function cookieString(cookies: readonly JarCookie[]): string {
  let header = '';
  for (const { name, value } of cookies) {
    if (header !== '') header += '; ';
    header += name === '' ? value : `${name}=${value}`;
  }
  return headerOfOctets(header);
}

/** The cookies of these buckets that pass, in the order of retrieval or another one; they count as used at this turn. */
export function matching(
  buckets: readonly Bucket[],
  turn: number,
  passes: (cookie: JarCookie, bucket: Bucket) => boolean,
  order: typeof byRetrieval = byRetrieval,
): JarCookie[] {
  const cookies: JarCookie[] = [];
  for (const bucket of buckets) {
    for (const [at, cookie] of bucket.cookies.entries()) {
      if (!passes(cookie, bucket)) continue;
      bucket.used[at] = turn;
      cookies.push(cookie);
    }
  }
  return cookies.sort(order);
}

/**
 * The header for a program's request that finds one bucket only, which is what nearly every request does. It holds until one of
 * its cookies expires, or a write forgets it: {@link forgetHeaders}. Bench rows: Cookie header out of 1,000 cookies; the same, one
 * of its cookies set before each read.
 */
export function cachedHeader(
  bucket: Bucket,
  request: ProgramRequest,
  ownHost: boolean,
  turn: number,
): string {
  const { headers, used } = bucket;
  const before: CachedHeader | undefined = headers?.get(everyPath) ?? headers?.get(request.path);
  if (
    before !== undefined &&
    before.secure === request.secure &&
    before.ownHost === ownHost &&
    request.time < before.until
  ) {
    for (const at of before.places) used[at] = turn;
    return before.header;
  }
  const { cookies } = bucket;
  const places: number[] = [];
  const sent: JarCookie[] = [];
  let until = Number.POSITIVE_INFINITY;
  let partitioned = false;
  const consider = (cookie: JarCookie, at: number) => {
    const { expires, partition } = cookie;
    if (expires > request.time && expires < until) until = expires;
    if (partition !== undefined) partitioned = true;
    if (!isReleased(cookie, request, ownHost)) return;
    used[at] = turn;
    places.push(at);
    sent.push(cookie);
  };
  const near = fewNear(bucket, request.path);
  if (near === undefined) for (let at = 0; at < cookies.length; at++) consider(cookies[at]!, at);
  else for (const cookie of near) consider(cookie, placeOfRecord(bucket, cookie));
  const header = cookieString(sent);
  if (partitioned) return header;
  const { path, secure } = request;
  keepHeader(bucket, path, { header, places, secure, ownHost, until });
  return header;
}

/**
 * The cookies of the path's beginnings, in the order of retrieval; `undefined` where they are no small part of all, so that it
 * takes less to go through all of them.
 */
function fewNear(bucket: Bucket, path: string): JarCookie[] | undefined {
  const { cookies } = bucket;
  if (cookies.length <= smallBucket || isForEveryPath(bucket)) return undefined;
  bucket.byPath ??= new PathIndex(cookies);
  const near = bucket.byPath.near(path);
  return near !== undefined && near.length * 8 < cookies.length ? near : undefined;
}
