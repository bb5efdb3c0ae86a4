import type { StoredCookie } from '../../scope/cookie-facts.ts';
import { sameCookie } from '../buckets.ts';
import type { StorageChange } from '../storage.ts';

/** Cookies by their key, in the order of creation. */
export type CookieMap = ReadonlyMap<string, StoredCookie>;

/** Names the one cookie that another of the same key would replace. */
export const keyOf = ({ name, domain, hostOnly, path, partition }: StoredCookie): string =>
  JSON.stringify([name, domain, hostOnly, path, partition]);

export const mapOf = (cookies: Iterable<StoredCookie>): CookieMap =>
  new Map(Array.from(cookies, (cookie) => [keyOf(cookie), cookie]));

/** True for the same cookies in the same order. */
export function sameMap(a: CookieMap, b: CookieMap): boolean {
  if (a.size !== b.size) return false;
  const others = b.entries();
  for (const [key, cookie] of a) {
    const [otherKey, other] = others.next().value!;
    if (key !== otherKey || !sameCookie(cookie, other)) return false;
  }
  return true;
}

/** What was asked of a jar and is not in its file yet: of each cookie the last word. */
export class Journal {
  #cleared = false;
  /** `undefined` = deleted. */
  readonly #words = new Map<string, StoredCookie | undefined>();

  get isEmpty(): boolean {
    return !this.#cleared && this.#words.size === 0;
  }

  note(change: StorageChange): void {
    if (change === 'cleared') {
      this.#cleared = true;
      this.#words.clear();
    } else if ('kept' in change) this.#words.set(keyOf(change.kept), change.kept);
    else for (const cookie of change.deleted) this.#words.set(keyOf(cookie), undefined);
  }

  /** True for a cookie that was spoken of. */
  has(key: string): boolean {
    return this.#words.has(key);
  }

  /** What these cookies become. One that was not spoken of stays as it is there; what has expired goes. */
  applyTo(cookies: CookieMap, time: number): CookieMap {
    const result = new Map(this.#cleared ? [] : cookies);
    for (const [key, cookie] of this.#words) {
      if (cookie === undefined) result.delete(key);
      else result.set(key, { ...cookie, createdAt: result.get(key)?.createdAt ?? cookie.createdAt });
    }
    for (const [key, { expires }] of result) if (expires <= time) result.delete(key);
    return result;
  }

  /** This journal, and then a later one. */
  followedBy(later: Journal): Journal {
    const both = new Journal();
    both.#cleared = this.#cleared || later.#cleared;
    for (const [key, cookie] of later.#cleared ? [] : this.#words) both.#words.set(key, cookie);
    for (const [key, cookie] of later.#words) both.#words.set(key, cookie);
    return both;
  }
}
