import type { StoredCookie } from '../../scope/cookie-facts.ts';
import { sameCookie } from '../buckets.ts';

/** Cookies by their key, in the order of creation. */
export type CookieMap = ReadonlyMap<string, StoredCookie>;

export function mapOf(cookies: readonly StoredCookie[]): CookieMap {
  return new Map(cookies.map((cookie) => [keyOf(cookie), cookie]));
}

const keyOf = ({ name, domain, hostOnly, path, partition }: StoredCookie) =>
  JSON.stringify([name, domain, hostOnly, path, partition]);

/** What came between `base` and `ours`, carried out on `onto`: a cookie that we did not touch stays as it is there. */
export function rebased(base: CookieMap, ours: CookieMap, onto: CookieMap): CookieMap {
  const result = new Map(onto);
  for (const key of base.keys()) if (!ours.has(key)) result.delete(key);
  for (const [key, cookie] of ours) {
    const before = base.get(key);
    if (before === undefined || !sameCookie(before, cookie)) result.set(key, cookie);
  }
  return result;
}
