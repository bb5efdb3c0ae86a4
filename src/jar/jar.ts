import { parseSetCookie, whyIgnored } from '../cookie/set-cookie.ts';
import { admit, maxCookieLifetime, scopeOf } from '../scope/admit.ts';
import type { CookieFacts, SetCookie, StoredCookie } from '../scope/cookie-facts.ts';
import { type Hop, partitionOf } from '../scope/hop.ts';
import { toUrl } from '../scope/origin.ts';
import { isSecureTransport, type ProgramRequest, release, travels } from '../scope/release.ts';
import { type SuffixList, siteOf } from '../scope/site.ts';
import type { Verdict } from '../scope/verdict.ts';
import { type Clock, systemClock } from '../time.ts';
import { byRetrieval, cookiesIn, type JarCookie, type Shards } from './buckets.ts';
import { readSavedJar, type SavedJar, saveCookie } from './json.ts';
import { defaultLimits, type JarLimits } from './limits.ts';
import { readRequestUrl } from './request-url.ts';
import { bucketsFor, type JarSnapshot, type Selected, selectFrom } from './select.ts';
import { CookieStorage } from './storage.ts';
import { publicSuffixes } from './suffixes.ts';

export interface CookieJarOptions {
  /** The Public Suffix List. tldts with the private section unless given; `false`: the last label of a host is its suffix. */
  suffixes?: SuffixList | false;
  clock?: Clock;
  /** True: Secure cookies also on http://localhost and its like, as Chromium and Firefox do and Safari does not. */
  secureOnLoopback?: boolean;
  /** 180 cookies a site and 3000 in total unless said. */
  limits?: Partial<JarLimits>;
}

/** A client's cookies, kept and sent by draft-ietf-httpbis-rfc6265bis-22. A bad cookie is a verdict, never an exception. */
export class CookieJar {
  readonly #storage: CookieStorage;
  readonly #suffixes: SuffixList | undefined;
  readonly #clock: Clock;
  readonly #secureOnLoopback: boolean;
  #snapshot: { of: Shards; jar: JarSnapshot } | undefined;

  constructor(options: CookieJarOptions = {}) {
    this.#suffixes = options.suffixes === false ? undefined : (options.suffixes ?? publicSuffixes);
    this.#clock = options.clock ?? systemClock;
    this.#secureOnLoopback = options.secureOnLoopback ?? false;
    this.#storage = new CookieStorage(this.#suffixes, { ...defaultLimits, ...options.limits });
  }

  /** Stores the cookie of one Set-Cookie line, if the response may plant it. Without a hop: a program's own request. */
  set(setCookieLine: string, url: string | URL, hop?: Hop): Verdict {
    const at = this.#hop(url, hop);
    const cookie = parseSetCookie(setCookieLine);
    if (cookie === undefined) return whyIgnored(setCookieLine);
    const verdict = admit(cookie, at, this.#rivals(cookie, at));
    if (verdict.allowed) this.#storage.keep(recordOf(cookie, at), at.time);
    return verdict;
  }

  /** Stores every cookie of a response; one verdict a Set-Cookie line. `url` where the response does not know its own. */
  put(response: { readonly headers: Headers; readonly url?: string }, url?: string | URL): Verdict[] {
    const lines = response.headers.getSetCookie();
    if (lines.length === 0) return [];
    const from = url ?? response.url;
    if (!from)
      throw new TypeError('This response does not know its URL: pass it, as jar.put(response, url).');
    return lines.map((line) => this.set(line, from));
  }

  /** The Cookie header of a request, `''` when there is none. Without a hop: a program's own request, no page behind it. */
  header(url: string | URL, hop?: Hop): string {
    let header = '';
    for (const { name, value } of this.#sent(url, hop)) {
      const pair = name === '' ? value : `${name}=${value}`;
      header = header === '' ? pair : `${header}; ${pair}`;
    }
    return header;
  }

  /** Every cookie with its verdict for this request, withheld ones too, in the order of retrieval. */
  select(url: string | URL, hop?: Hop): Selected[] {
    return selectFrom(this.#storage.all(), this.#hop(url, hop));
  }

  /** The jar as it is now, to be asked later. The same object as long as no cookie changes. */
  snapshot(): JarSnapshot {
    const view = this.#storage.view();
    if (this.#snapshot?.of !== view) {
      const select: JarSnapshot['select'] = (url, hop) => selectFrom(cookiesIn(view), this.#hop(url, hop));
      this.#snapshot = { of: view, jar: { select } };
    }
    return this.#snapshot.jar;
  }

  /** Every cookie that has not expired, the earliest first. */
  all(): StoredCookie[] {
    this.#storage.sweep(this.#clock.now());
    return [...this.#storage.all()].sort((a, b) => a.order - b.order);
  }

  /** The cookie of this name that a program's request to `url` would carry first; without `url`, the earliest one. */
  get(name: string, url?: string | URL): StoredCookie | undefined {
    return this.#named(name, url)[0];
  }

  /** Removes the cookies of this name that a program's request to `url` would carry; without `url`, all of them. True when there were any. */
  delete(name: string, url?: string | URL): boolean {
    const found = this.#named(name, url);
    this.#storage.remove(found);
    return found.length > 0;
  }

  clear(): void {
    this.#storage.clear();
  }

  /** How many cookies there are that have not expired. */
  get size(): number {
    this.#storage.sweep(this.#clock.now());
    return this.#storage.count;
  }

  /** Everything as JSON, values included: what {@link CookieJar.import} reads. */
  export(): SavedJar {
    return { version: 1, cookies: this.all().map(saveCookie) };
  }

  /** A jar with the cookies that {@link CookieJar.export} gave. @throws TypeError for anything else. */
  static import(json: unknown, options?: CookieJarOptions): CookieJar {
    const jar = new CookieJar(options);
    jar.#storage.load(readSavedJar(json), jar.#clock.now());
    return jar;
  }

  /** Names and scopes without a value, so that no log holds one. To save a jar, write {@link export}. */
  toJSON(): object {
    return { cookies: this.all().map(({ value: _, ...facts }) => facts) };
  }

  /** What Node's `console.log` shows. */
  static {
    Object.defineProperty(CookieJar.prototype, Symbol.for('nodejs.util.inspect.custom'), {
      value(this: CookieJar): string {
        const names = this.all().map(
          ({ name, domain, path }) => `${name || '(nameless)'} for ${domain}${path}`,
        );
        return `CookieJar(${names.length}) [${names.join(', ')}]`;
      },
    });
  }

  #named(name: string, url: string | URL | undefined): StoredCookie[] {
    return (url === undefined ? this.all() : this.#sent(url)).filter((cookie) => cookie.name === name);
  }

  /** The cookies that travel, in the order of retrieval. A program's own request is decided without a verdict. */
  #sent(url: string | URL, hop?: Hop): readonly JarCookie[] {
    const byProgram = hop === undefined || (hop.initiator === 'program' && hop.script !== true);
    const secureOnLoopback = hop?.secureOnLoopback ?? this.#secureOnLoopback;
    const { host, path, secure } = readRequestUrl(url, secureOnLoopback);
    const buckets = bucketsFor(this.#storage.bucketOf, host);
    if (buckets.length === 0) return [];
    let judge: (cookie: JarCookie, ownHost: boolean) => boolean;
    if (byProgram) {
      const time = hop?.time ?? this.#clock.now();
      const site = () => siteOf(toUrl(url), hop?.suffixes ?? this.#suffixes);
      const request: ProgramRequest = { path, secure, time, site };
      judge = (cookie, ownHost) => travels(cookie, request, ownHost);
    } else {
      const at = this.#hop(url, hop);
      judge = (cookie) => release(cookie, at).allowed;
    }
    const sent: JarCookie[] = [];
    for (const bucket of buckets) {
      const ownHost = bucket.domain === host;
      for (const cookie of bucket.cookies) if (judge(cookie, ownHost)) sent.push(cookie);
    }
    return buckets.length === 1 ? sent : sent.sort(byRetrieval);
  }

  /** The stored cookies that a rule of admission may ask about: none, unless plain http or a script is at work. */
  #rivals(cookie: SetCookie, at: Hop & { url: URL }): Iterable<CookieFacts> {
    const nothingToAsk = isSecureTransport(at.url, at) && at.script !== true;
    return nothingToAsk ? [] : this.#storage.ofSite(scopeOf(cookie, at.url, at.suffixes).domain);
  }

  #hop(url: string | URL, hop: Hop | undefined): Hop & { url: URL } {
    const given = hop ?? { method: 'GET', initiator: 'program', time: this.#clock.now() };
    return {
      ...given,
      url: toUrl(url),
      suffixes: hop?.suffixes ?? this.#suffixes,
      secureOnLoopback: hop?.secureOnLoopback ?? this.#secureOnLoopback,
    };
  }
}

/** What the jar keeps of an admitted cookie. rfc6265bis §5.7. */
function recordOf(cookie: SetCookie, hop: Hop & { url: URL }): StoredCookie {
  const { domain, hostOnly, path } = scopeOf(cookie, hop.url, hop.suffixes);
  return {
    name: cookie.name,
    value: cookie.value,
    domain,
    hostOnly,
    path,
    secure: cookie.secure === true,
    httpOnly: cookie.httpOnly === true,
    sameSite: cookie.sameSite,
    expires: expiryOf(cookie, hop.time),
    createdAt: hop.time,
    ...(cookie.partitioned && { partition: partitionOf(hop) }),
  };
}

/** Max-Age wins over Expires; neither = as long as the jar's session. At most 400 days. rfc6265bis §5.5, §5.7. */
function expiryOf({ maxAge, expires }: SetCookie, time: number): number {
  if (maxAge === undefined && expires === undefined) return Number.POSITIVE_INFINITY;
  if (maxAge !== undefined && maxAge <= 0) return Number.NEGATIVE_INFINITY;
  const asked = maxAge === undefined ? expires!.getTime() : time + maxAge * 1_000;
  return Math.min(asked, time + maxCookieLifetime);
}
