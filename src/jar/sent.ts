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

/** The header that was last made of one bucket, and the requests that it holds for. */
export interface Made {
  readonly header: string;
  /** Undefined: for every path. */
  readonly path: string | undefined;
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
  const { made } = bucket;
  if (
    made !== undefined &&
    made.secure === request.secure &&
    made.ownHost === ownHost &&
    (made.path === undefined || made.path === request.path) &&
    request.time < made.until
  ) {
    return made.header;
  }
  const { cookies } = bucket;
  const header = headerOf(cookies.filter((cookie) => travels(cookie, request, ownHost)));
  if (cookies.some((cookie) => cookie.partition !== undefined)) return header;
  const path = cookies.every((cookie) => cookie.path === '/') ? undefined : request.path;
  let until = Number.POSITIVE_INFINITY;
  for (const { expires } of cookies) if (expires > request.time && expires < until) until = expires;
  bucket.made = { header, path, secure: request.secure, ownHost, until };
  return header;
}
