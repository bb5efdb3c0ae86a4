import type { StoredCookie } from '../scope/cookie-facts.ts';
import { isIpAddress } from '../scope/origin.ts';
import { lastLabelOnly, type SuffixList } from '../scope/site.ts';
import {
  type Bucket,
  byRetrieval,
  cookiesIn,
  inserted,
  type JarCookie,
  placeOf,
  recordOf,
  replaced,
  sameCookie,
  without,
} from './buckets.ts';
import { chooseVictims, type JarLimits } from './limits.ts';

/** What is known of one registrable domain. */
interface Site {
  count: number;
  readonly domains: Set<string>;
  /** The buckets of these domains, once somebody has asked for them: until the next write to one of them. */
  buckets: readonly Bucket[] | undefined;
}

const nobody: readonly Bucket[] = [];

/** What was asked of a storage, as opposed to what expiry and limits made of it. */
export type StorageChange =
  | { readonly kept: StoredCookie }
  | { readonly deleted: readonly StoredCookie[] }
  | 'cleared';

/** Cookies by domain, counted by site, within limits. Knows no rule of admission: what it is given, it keeps. */
export class CookieStorage {
  readonly #buckets = new Map<string, Bucket>();
  readonly #sites = new Map<string, Site>();
  readonly #suffixes: SuffixList;
  readonly #limits: JarLimits;
  #count = 0;
  /** Counts what happens, to know the order of it. */
  #turn = 0;
  /** No cookie expires before. */
  #nextExpiry = Number.POSITIVE_INFINITY;
  /** Hears of every change that was asked for. */
  onChange: ((change: StorageChange) => void) | undefined;

  constructor(suffixes: SuffixList = lastLabelOnly, limits: JarLimits) {
    this.#suffixes = suffixes;
    this.#limits = limits;
  }

  get count(): number {
    return this.#count;
  }

  /** The cookies of the site of this host as they are now, for ever, and how many those of other sites are. */
  siteSnapshot(host: string): { readonly buckets: readonly Bucket[]; readonly otherCookies: number } {
    const name = this.#siteOf(host);
    const site = this.#sites.get(name);
    if (site === undefined) return { buckets: nobody, otherCookies: this.#count };
    site.buckets ??= [...this.#bucketsOf(name)];
    return { buckets: site.buckets, otherCookies: this.#count - site.count };
  }

  readonly bucketOf = (domain: string): Bucket | undefined => this.#buckets.get(domain);

  /** The turn that begins now. */
  nextTurn(): number {
    return this.#turn++;
  }

  all(): Iterable<JarCookie> {
    return cookiesIn(this.#buckets.values());
  }

  /** The cookies of every host that shares the registrable domain with this one. */
  ofSite(domain: string): Iterable<JarCookie> {
    return cookiesIn(this.#bucketsOf(this.#siteOf(domain)));
  }

  /** Stores or updates a cookie; one that has expired only removes what it replaces. */
  keep(cookie: StoredCookie, time: number): void {
    const bucket = this.bucketOf(cookie.domain) ?? this.#emptyBucket(cookie.domain);
    const { domain, site, cookies } = bucket;
    const turn = this.nextTurn();
    const at = placeOf(cookies, cookie);
    const old = cookies[at];
    if (cookie.expires <= time) {
      if (old !== undefined) this.#remove([old]);
    } else if (old === undefined) {
      this.#expect(cookie.expires);
      this.#put(inserted(bucket, recordOf(cookie, domain, cookie.createdAt, turn), turn));
      const known = this.#enter(domain, site, 1);
      this.#enforce(this.#bucketsOf(site), known.count, this.#limits.maxPerSite, time);
      this.#enforce(this.#buckets.values(), this.#count, this.#limits.maxCookies, time);
    } else if (sameCookie(old, cookie)) {
      bucket.used[at] = turn;
    } else {
      this.#expect(cookie.expires);
      const record = recordOf(cookie, domain, old.createdAt, old.order);
      this.#put(replaced(bucket, at, record, turn));
    }
    this.onChange?.({ kept: cookie });
  }

  /**
   * Holds these cookies from now on, and no others, in their order. The last of several with one key counts. Each counts as set
   * or sent when `usedAt` says, else now.
   */
  load(
    cookies: Iterable<StoredCookie>,
    time: number,
    usedAt: (cookie: StoredCookie) => number | undefined = noTurn,
  ): void {
    this.#buckets.clear();
    this.#sites.clear();
    this.#count = 0;
    this.#nextExpiry = Number.POSITIVE_INFINITY;
    const records = [...cookies]
      .filter((cookie) => cookie.expires > time)
      .map((cookie) => recordOf(cookie, cookie.domain, cookie.createdAt, this.nextTurn()));
    for (const [domain, group] of Map.groupBy(records, (record) => record.domain)) {
      const byKey = new Map<string, JarCookie>();
      for (const record of group) {
        byKey.set(`${record.name};${record.path};${record.hostOnly};${record.partition ?? ''}`, record);
        this.#expect(record.expires);
      }
      const cookies = [...byKey.values()].sort(byRetrieval);
      const used = cookies.map((cookie) => usedAt(cookie) ?? cookie.order);
      const bucket = { ...this.#emptyBucket(domain), cookies, used };
      this.#put(bucket);
      this.#enter(domain, bucket.site, byKey.size);
    }
    for (const [name, site] of this.#sites)
      this.#enforce(this.#bucketsOf(name), site.count, this.#limits.maxPerSite, time);
    this.#enforce(this.#buckets.values(), this.#count, this.#limits.maxCookies, time);
  }

  delete(cookies: readonly StoredCookie[]): void {
    this.#remove(cookies);
    this.onChange?.({ deleted: cookies });
  }

  #remove(cookies: readonly StoredCookie[]): void {
    const going = new Set(cookies);
    for (const domain of new Set(cookies.map((cookie) => cookie.domain))) {
      const bucket = this.bucketOf(domain);
      if (bucket === undefined) continue;
      const left = without(bucket, going);
      this.#put(left);
      this.#forget(bucket, bucket.cookies.length - left.cookies.length, left.cookies.length === 0);
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
    this.#remove(expired);
  }

  clear(): void {
    this.load([], 0);
    this.onChange?.('cleared');
  }

  /** At which turn a cookie was last set or sent; `undefined` for one that is not here. */
  usedAt(cookie: StoredCookie): number | undefined {
    const bucket = this.bucketOf(cookie.domain);
    return bucket?.used[placeOf(bucket.cookies, cookie)];
  }

  #enforce(from: Iterable<Bucket>, count: number, limit: number, time: number): void {
    if (count > limit) this.#remove(chooseVictims(from, count - limit, time));
  }

  #expect(expiry: number): void {
    if (expiry < this.#nextExpiry) this.#nextExpiry = expiry;
  }

  *#bucketsOf(site: string): Generator<Bucket> {
    for (const domain of this.#sites.get(site)?.domains ?? []) {
      const bucket = this.bucketOf(domain);
      if (bucket !== undefined) yield bucket;
    }
  }

  #siteOf(domain: string): string {
    return isIpAddress(domain) ? domain : (this.#suffixes.registrableDomain(domain) ?? domain);
  }

  #emptyBucket(domain: string): Bucket {
    const site = this.#siteOf(domain);
    return { domain, site, cookies: [], used: [], headers: undefined, byPath: undefined };
  }

  /** Puts a bucket in the place of the one with its domain. */
  #put(bucket: Bucket): void {
    const { domain, site, cookies } = bucket;
    if (cookies.length === 0) this.#buckets.delete(domain);
    else this.#buckets.set(domain, bucket);
    const known = this.#sites.get(site);
    if (known !== undefined) known.buckets = undefined;
  }

  #enter(domain: string, name: string, count: number): Site {
    const site = this.#sites.get(name) ?? { count: 0, domains: new Set(), buckets: undefined };
    this.#sites.set(name, site);
    site.domains.add(domain);
    site.count += count;
    this.#count += count;
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

const noTurn = () => undefined;
