import type { StoredCookie } from '../scope/cookie-facts.ts';
import { isIpAddress } from '../scope/origin.ts';
import { lastLabelOnly, type SuffixList } from '../scope/site.ts';
import {
  type Bucket,
  Buckets,
  byRetrieval,
  inserted,
  type JarCookie,
  placeOf,
  recordOf,
  type Shards,
  sameCookie,
} from './buckets.ts';
import { chooseVictims, type JarLimits } from './limits.ts';

/** What is known of one registrable domain. */
interface Site {
  count: number;
  readonly domains: Set<string>;
}

const none: readonly JarCookie[] = [];

/** Cookies by domain, counted by site, within limits. Knows no rule of admission: what it is given, it keeps. */
export class CookieStorage {
  readonly #buckets = new Buckets();
  readonly #sites = new Map<string, Site>();
  readonly #suffixes: SuffixList;
  readonly #limits: JarLimits;
  #count = 0;
  #created = 0;
  /** No cookie expires before. */
  #nextExpiry = Number.POSITIVE_INFINITY;

  constructor(suffixes: SuffixList = lastLabelOnly, limits: JarLimits) {
    this.#suffixes = suffixes;
    this.#limits = limits;
  }

  get count(): number {
    return this.#count;
  }

  /** Everything as it is now; the same pointer as long as nothing changes. */
  view(): Shards {
    return this.#buckets.view();
  }

  readonly bucketOf = (domain: string): Bucket | undefined => this.#buckets.get(domain);

  all(): Iterable<JarCookie> {
    return this.#buckets.cookies();
  }

  /** The cookies of every host that shares the registrable domain with this one. */
  *ofSite(domain: string): Generator<JarCookie> {
    for (const one of this.#sites.get(this.#siteOf(domain))?.domains ?? []) {
      yield* this.bucketOf(one)?.cookies ?? [];
    }
  }

  /** Stores or updates a cookie; one that has expired only removes what it replaces. */
  keep(cookie: StoredCookie, time: number): void {
    const bucket = this.bucketOf(cookie.domain);
    const cookies = bucket?.cookies ?? none;
    const at = placeOf(cookies, cookie);
    const old = cookies[at];
    if (cookie.expires <= time) {
      if (old !== undefined) this.remove([old]);
      return;
    }
    if (old !== undefined && sameCookie(old, cookie)) return;
    if (cookie.expires < this.#nextExpiry) this.#nextExpiry = cookie.expires;
    if (bucket !== undefined && old !== undefined) {
      this.#buckets.set({
        ...bucket,
        cookies: cookies.with(at, recordOf(cookie, bucket.domain, old.createdAt, old.order)),
      });
      return;
    }
    const { domain, site } = bucket ?? { domain: cookie.domain, site: this.#siteOf(cookie.domain) };
    const record = recordOf(cookie, domain, cookie.createdAt, this.#created++);
    this.#buckets.set({ domain, site, cookies: inserted(cookies, record) });
    const known = this.#site(site);
    known.domains.add(domain);
    known.count++;
    this.#count++;
    this.#enforce(this.ofSite(domain), known.count, this.#limits.perSite, time);
    this.#enforce(this.all(), this.#count, this.#limits.total, time);
  }

  /** Stores many at once, in their order. The last of several with one key counts. */
  load(cookies: readonly StoredCookie[], time: number): void {
    for (const [domain, group] of Map.groupBy(cookies, (cookie) => cookie.domain)) {
      const byKey = new Map<string, JarCookie>();
      for (const cookie of group) {
        if (cookie.expires <= time) continue;
        const key = `${cookie.name};${cookie.path};${cookie.hostOnly};${cookie.partition ?? ''}`;
        byKey.set(key, recordOf(cookie, domain, cookie.createdAt, this.#created++));
        this.#nextExpiry = Math.min(this.#nextExpiry, cookie.expires);
      }
      if (byKey.size === 0) continue;
      const site = this.#siteOf(domain);
      this.#buckets.set({ domain, site, cookies: [...byKey.values()].sort(byRetrieval) });
      this.#count += byKey.size;
      this.#site(site).count += byKey.size;
      this.#site(site).domains.add(domain);
    }
    for (const [name, site] of this.#sites)
      this.#enforce(this.ofSite(name), site.count, this.#limits.perSite, time);
    this.#enforce(this.all(), this.#count, this.#limits.total, time);
  }

  remove(cookies: readonly StoredCookie[]): void {
    const going = new Set(cookies);
    for (const domain of new Set(cookies.map((cookie) => cookie.domain))) {
      const bucket = this.bucketOf(domain);
      if (bucket === undefined) continue;
      const left = bucket.cookies.filter((cookie) => !going.has(cookie));
      this.#buckets.set({ ...bucket, cookies: left });
      this.#forget(bucket, bucket.cookies.length - left.length, left.length === 0);
    }
  }

  /** Removes what has expired. Looks at nothing while nothing can have. */
  sweep(time: number): void {
    if (time < this.#nextExpiry) return;
    const expired: JarCookie[] = [];
    let next = Number.POSITIVE_INFINITY;
    for (const cookie of this.all()) {
      if (cookie.expires <= time) expired.push(cookie);
      else if (cookie.expires < next) next = cookie.expires;
    }
    this.#nextExpiry = next;
    this.remove(expired);
  }

  clear(): void {
    this.#buckets.clear();
    this.#sites.clear();
    this.#count = 0;
    this.#nextExpiry = Number.POSITIVE_INFINITY;
  }

  #enforce(from: Iterable<JarCookie>, count: number, limit: number, time: number): void {
    if (count > limit) this.remove(chooseVictims(from, count - limit, time));
  }

  #siteOf(domain: string): string {
    return isIpAddress(domain) ? domain : (this.#suffixes.registrableDomain(domain) ?? domain);
  }

  #site(name: string): Site {
    const known = this.#sites.get(name);
    if (known !== undefined) return known;
    const site: Site = { count: 0, domains: new Set() };
    this.#sites.set(name, site);
    return site;
  }

  #forget(bucket: Bucket, count: number, whole: boolean): void {
    this.#count -= count;
    const site = this.#sites.get(bucket.site);
    if (site === undefined) return;
    site.count -= count;
    if (whole) site.domains.delete(bucket.domain);
    if (site.count === 0) this.#sites.delete(bucket.site);
  }
}
