import type { StoredCookie } from '../scope/cookie-facts.ts';

/** What tells the cookies of one domain apart. rfc6265bis §5.7; the partition is CHIPS'. */
export const keyOf = ({ name, path, hostOnly, partition }: StoredCookie): string =>
  `${name};${path};${hostOnly};${partition ?? ''}`;

/** True for cookies of one domain of which one would replace the other. */
export const sameKey = (a: StoredCookie, b: StoredCookie): boolean =>
  a.name === b.name && a.path === b.path && a.hostOnly === b.hostOnly && a.partition === b.partition;

/**
 * Finds a cookie of one domain by its key, however many there are. Most names are borne by one cookie only: no key is written
 * for those. Bench row: a set at the jar's limit of 3,000, one host.
 */
export class CookieIndex<Cookie extends StoredCookie> {
  readonly #byName = new Map<string, Cookie | Map<string, Cookie>>();

  constructor(cookies: readonly Cookie[]) {
    for (const cookie of cookies) this.put(cookie);
  }

  get size(): number {
    return [...this.#byName.values()].reduce(
      (sum, found) => sum + (found instanceof Map ? found.size : 1),
      0,
    );
  }

  get(cookie: StoredCookie): Cookie | undefined {
    const found = this.#byName.get(cookie.name);
    if (found instanceof Map) return found.get(keyOf(cookie));
    return found !== undefined && sameKey(found, cookie) ? found : undefined;
  }

  put(cookie: Cookie): void {
    const { name } = cookie;
    const found = this.#byName.get(name);
    if (found instanceof Map) found.set(keyOf(cookie), cookie);
    else if (found === undefined || sameKey(found, cookie)) this.#byName.set(name, cookie);
    else this.#byName.set(name, new Map([found, cookie].map((one) => [keyOf(one), one])));
  }

  delete(cookie: Cookie): void {
    const found = this.#byName.get(cookie.name);
    if (!(found instanceof Map)) this.#byName.delete(cookie.name);
    else if (found.delete(keyOf(cookie)) && found.size === 0) this.#byName.delete(cookie.name);
  }
}
