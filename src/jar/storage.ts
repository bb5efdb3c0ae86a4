import type { StoredCookie } from '../scope/cookie-facts.ts';
import type { EngineRules } from '../scope/engines.ts';
import { isIpAddress } from '../scope/origin.ts';
import { lastLabelOnly, type SuffixList } from '../scope/site.ts';
import {
  type Bucket,
  byRetrieval,
  type CookieList,
  cookiesIn,
  insert,
  type JarCookie,
  newBucket,
  placeOf,
  placeOfRecord,
  recordOf,
  remove,
  replace,
  sameCookie,
} from './buckets.ts';
import { keyOf } from './cookie-index.ts';
import { EvictionQueue } from './eviction.ts';
import type { JarLimits } from './limits.ts';

/** What is known of one registrable domain. */
interface Site {
  count: number;
  readonly domains: Set<string>;
  /** What the buckets of these domains hold, once somebody has asked for it: until the next write to one of them. */
  snapshot: readonly CookieList[] | undefined;
  /** Of its cookies, once they were too many. */
  queue: EvictionQueue | undefined;
}

const nobody: readonly CookieList[] = [];

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
  readonly #engine: EngineRules;
  /** Of all cookies, once they were too many. */
  #queue: EvictionQueue | undefined;
  #count = 0;
  /** Counts what happens, to know the order of it. */
  #turn = 0;
  /** No cookie expires before. */
  #nextExpiry = Number.POSITIVE_INFINITY;
  /** Hears of every change that was asked for. */
  onChange: ((change: StorageChange) => void) | undefined;

  constructor(suffixes: SuffixList = lastLabelOnly, limits: JarLimits, engine: EngineRules = {}) {
    this.#suffixes = suffixes;
    this.#limits = limits;
    this.#engine = engine;
  }

  get count(): number {
    return this.#count;
  }

  /** The cookies of the site of this host as they are now, for ever, and how many those of other sites are. */
  siteSnapshot(host: string): { readonly lists: readonly CookieList[]; readonly otherCookies: number } {
    const name = this.bucketOf(host)?.site ?? this.#siteOf(host);
    const site = this.#sites.get(name);
    if (site === undefined) return { lists: nobody, otherCookies: this.#count };
    if (site.snapshot === undefined) {
      const buckets = [...this.#bucketsOf(name)];
      for (const bucket of buckets) bucket.inSnapshot = true;
      site.snapshot = buckets.map(({ cookies }) => ({ cookies }));
    }
    return { lists: site.snapshot, otherCookies: this.#count - site.count };
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
    const turn = this.nextTurn();
    const bucket = this.bucketOf(cookie.domain);
    const at = bucket === undefined ? -1 : placeOf(bucket, cookie);
    const old = bucket?.cookies[at];
    if (cookie.expires <= time) {
      if (old !== undefined) this.#remove([old]);
    } else if (bucket === undefined || old === undefined) {
      this.#insert(bucket ?? this.#add(cookie.domain), cookie, turn, time);
    } else if (sameCookie(old, cookie)) {
      bucket.used[at] = turn;
    } else {
      if (this.#engine.newValueMovesToEnd && old.value !== cookie.value) {
        this.#remove([old]);
        this.#insert(this.bucketOf(cookie.domain) ?? this.#add(cookie.domain), cookie, turn, time);
        this.onChange?.({ kept: cookie });
        return;
      }
      const record = recordOf(cookie, bucket.domain, old.createdAt, old.order);
      replace(this.#writable(bucket), at, record, turn);
      this.#expect(cookie.expires);
      this.#line(this.#sites.get(bucket.site)!, record, turn);
    }
    this.onChange?.({ kept: cookie });
  }

  #insert(bucket: Bucket, cookie: StoredCookie, turn: number, time: number): void {
    const record = recordOf(cookie, bucket.domain, cookie.createdAt, turn);
    insert(this.#writable(bucket), record, turn);
    this.#expect(record.expires);
    const site = this.#enter(bucket.domain, bucket.site, 1);
    this.#line(site, record, turn);
    this.#enforceSite(bucket.site, site, time);
    this.#enforceAll(time);
  }

  /** Lines a record up for the day when it has to go. */
  #line(site: Site, record: JarCookie, turn: number): void {
    site.queue?.add(record, turn, site.count);
    this.#queue?.add(record, turn, this.#count);
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
    this.#queue = undefined;
    this.#count = 0;
    this.#nextExpiry = Number.POSITIVE_INFINITY;
    const records = [...cookies]
      .filter((cookie) => cookie.expires > time)
      .map((cookie) => recordOf(cookie, cookie.domain, cookie.createdAt, this.nextTurn()));
    for (const [domain, group] of Map.groupBy(records, (record) => record.domain)) {
      const byKey = new Map<string, JarCookie>();
      for (const record of group) {
        byKey.set(keyOf(record), record);
        this.#expect(record.expires);
      }
      const cookies = [...byKey.values()].sort(byRetrieval);
      const used = cookies.map((cookie) => usedAt(cookie) ?? cookie.order);
      const bucket = this.#add(domain, cookies, used);
      this.#enter(domain, bucket.site, byKey.size);
    }
    for (const [name, site] of this.#sites) this.#enforceSite(name, site, time);
    this.#enforceAll(time);
  }

  delete(cookies: readonly JarCookie[]): void {
    this.#remove(cookies);
    this.onChange?.({ deleted: cookies });
  }

  #remove(cookies: readonly JarCookie[]): void {
    const [first] = cookies;
    const byDomain: Iterable<[string, readonly JarCookie[]]> =
      first !== undefined && cookies.length === 1
        ? [[first.domain, cookies]]
        : Map.groupBy(cookies, ({ domain }) => domain);
    for (const [domain, going] of byDomain) this.#removeFrom(domain, going);
  }

  #removeFrom(domain: string, going: readonly JarCookie[]): void {
    const found = this.bucketOf(domain);
    if (found === undefined) return;
    const before = found.cookies.length;
    const bucket = this.#writable(found);
    remove(bucket, going);
    const left = bucket.cookies.length;
    if (left === 0) this.#drop(bucket);
    this.#forget(bucket, before - left, left === 0);
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
    return bucket?.used[placeOf(bucket, cookie)];
  }

  /** The same for a record of ours. */
  readonly #usedOf = (record: JarCookie): number | undefined => {
    const bucket = this.bucketOf(record.domain);
    return bucket?.used[placeOfRecord(bucket, record)];
  };

  #enforceSite(name: string, site: Site, time: number): void {
    const { maxPerSite } = this.#limits;
    if (site.count <= maxPerSite || this.#engine.anyNumber) return;
    const over = site.count - Math.min(maxPerSite, this.#engine.purgeTo ?? maxPerSite);
    site.queue ??= new EvictionQueue(() => this.#bucketsOf(name), this.#usedOf);
    this.#remove(site.queue.take(over, time));
  }

  #enforceAll(time: number): void {
    const over = this.#count - this.#limits.maxCookies;
    if (over <= 0) return;
    this.#queue ??= new EvictionQueue(() => this.#buckets.values(), this.#usedOf);
    this.#remove(this.#queue.take(over, time));
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

  /** A new bucket, in its place. */
  #add(domain: string, cookies: JarCookie[] = [], used: number[] = []): Bucket {
    const bucket = newBucket(domain, this.#siteOf(domain), cookies, used);
    this.#buckets.set(domain, bucket);
    this.#renew(bucket.site);
    return bucket;
  }

  /** The bucket as it may be written to: with a copy of its cookies where a snapshot shows them. */
  #writable(bucket: Bucket): Bucket {
    if (!bucket.inSnapshot) return bucket;
    bucket.cookies = bucket.cookies.slice();
    bucket.inSnapshot = false;
    this.#renew(bucket.site);
    return bucket;
  }

  #drop({ domain, site }: Bucket): void {
    this.#buckets.delete(domain);
    this.#renew(site);
  }

  /** The next snapshot of a site is another one. */
  #renew(site: string): void {
    const known = this.#sites.get(site);
    if (known !== undefined) known.snapshot = undefined;
  }

  #enter(domain: string, name: string, count: number): Site {
    const site: Site = this.#sites.get(name) ?? {
      count: 0,
      domains: new Set(),
      snapshot: undefined,
      queue: undefined,
    };
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
