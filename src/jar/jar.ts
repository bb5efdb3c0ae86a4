import { parseSetCookieOctets, whyIgnored } from '../cookie/set-cookie.ts';
import { anEngine } from '../errors/an-engine.ts';
import { refuseDetached } from '../errors/detached.ts';
import { aClock, aSuffixList } from '../errors/kinds.ts';
import { checkOptions, expectType, oneOf, optionsOf, type Shape } from '../errors/misuse.ts';
import { notify } from '../errors.ts';
import { admitParsed, type CookieScope, scopeOf } from '../scope/admit.ts';
import type { CookieFacts, StoredCookie } from '../scope/cookie-facts.ts';
import { type EngineName, type EngineRules, rulesOf } from '../scope/engines.ts';
import { expectHop, type HopFacts } from '../scope/hop.ts';
import { decodeUtf8, octetsOfHeader, toOctets } from '../scope/octets.ts';
import { toUrl } from '../scope/origin.ts';
import { isReleased, isSecureTransport, releaseCookie } from '../scope/release.ts';
import { type SuffixList, siteOf } from '../scope/site.ts';
import { storedFrom } from '../scope/stored-cookie.ts';
import type { Verdict } from '../scope/verdict.ts';
import { type Clock, clockOf } from '../time.ts';
import { type Bucket, type CookieList, cookiesIn, type JarCookie, retrievalOrder } from './buckets.ts';
import { bucketsFor, cachedHeader, cookieString, matching } from './cookie-string.ts';
import { readCookiesJson, type SavedJar, saveCookie } from './json.ts';
import { type JarLimits, limitsOf } from './limits.ts';
import { readRequestUrl, toWebUrl } from './request-url.ts';
import { judgeStored, type SavedCookie, toStored } from './saved-cookie.ts';
import { type JarSnapshot, type Selected, selectFrom } from './select.ts';
import { CookieStorage } from './storage.ts';
import { publicSuffixes } from './suffixes.ts';
import { toTextForm } from './text-form.ts';

/** Options of {@link CookieJar}. */
export interface CookieJarOptions {
  /** The Public Suffix List; `false`: the last label of a host is its suffix. Default: {@link publicSuffixes}. */
  suffixes?: SuffixList | false;
  /** What time it is. Default: the system's clock. */
  clock?: Clock;
  /** True: Secure cookies also on http://localhost and its like, as Chromium and Firefox do and Safari does not. Default: false. */
  secureOnLoopback?: boolean;
  /** How many cookies are kept. Default: `{ maxPerSite: 180, maxCookies: 3000 }`. */
  limits?: Partial<JarLimits>;
  /** A browser engine whose departures from the standard the jar shares, or rules like those of one. Default: the standard. */
  engine?: EngineName | EngineRules;
}

export const jarShape: Shape<CookieJarOptions> = {
  suffixes: oneOf([false], ['a list of public suffixes', aSuffixList]),
  clock: aClock,
  secureOnLoopback: 'boolean',
  limits: optionsOf<JarLimits>({ maxPerSite: 'number', maxCookies: 'number' }),
  engine: anEngine,
};

/** Options of `CookieJar.import`. */
export interface ImportOptions extends CookieJarOptions {
  /** Hears of each cookie that was not taken, and why. What it throws is ignored. Default: nobody does. */
  onRefused?(cookie: CookieFacts, verdict: Verdict): void;
}

/** What Set-Cookie lines are read from: a `Response`, or what looks like one. */
export interface ResponseSource {
  readonly headers: Pick<Headers, 'getSetCookie'>;
  readonly url?: string;
}

/** What a jar is made of, for the jars of this folder that keep it elsewhere too. */
export let internalsOf: (jar: CookieJar) => {
  readonly storage: CookieStorage;
  readonly suffixes: SuffixList | undefined;
  readonly clock: Clock;
};

/**
 * A client's cookies, kept and sent by draft-ietf-httpbis-rfc6265bis-22. A bad cookie is a verdict, never an exception.
 *
 * @example
 * ```ts
 * import { CookieJar } from 'hallpass/jar';
 *
 * const jar = new CookieJar();
 * jar.set('id=7; Path=/; Secure; HttpOnly', 'https://shop.example.com/sign-in');
 * console.log(jar.header('https://shop.example.com/cart')); // → id=7
 * console.log(jar.select('http://shop.example.com/')[0]?.verdict.reasons[0]?.code); // → needs-https
 * ```
 */
export class CookieJar {
  readonly #storage: CookieStorage;
  readonly #defaults: HopDefaults;

  constructor(options: CookieJarOptions = {}) {
    checkOptions(options, jarShape, 'CookieJar');
    const { engine } = options;
    const clock = clockOf(options.clock);
    const rules = rulesOf(engine);
    const secureOnLoopback = options.secureOnLoopback ?? rules.secureOnLoopback ?? false;
    const suffixes = options.suffixes === false ? undefined : (options.suffixes ?? publicSuffixes);
    this.#defaults = { suffixes, clock, secureOnLoopback, engine };
    this.#storage = new CookieStorage(suffixes, limitsOf(options.limits), rules);
  }

  static {
    refuseDetached(CookieJar, (object) => #storage in object, 'jar');
  }

  /**
   * Stores the cookie of one Set-Cookie line, if the response may plant it. Without a hop: a program's own request.
   * The line may be octets, as `Headers` give them, or text: it is octets where it can be read as UTF-8 octets, and text is
   * written as UTF-8. An answer is always octets: {@link put} takes it.
   */
  set(setCookieLine: string, url: string | URL, hop?: HopFacts): Verdict {
    expectType(setCookieLine, 'string', 'The line of jar.set(line, url)');
    return this.#set(toOctets(setCookieLine), this.#hop(url, hop));
  }

  /**
   * Stores every cookie of a response; one verdict a Set-Cookie line, in their order.
   * @param url where the response does not know its own, as one that a program made
   * @param hop the request that was answered. Default: a program's own.
   */
  put(response: ResponseSource, url?: string | URL, hop?: HopFacts): Verdict[] {
    expectType(
      response?.headers?.getSetCookie,
      'function',
      'What gives the lines of jar.put(response), response.headers.getSetCookie,',
    );
    const lines = response.headers.getSetCookie();
    if (lines.length === 0) return [];
    const from = url ?? response.url;
    if (!from)
      throw new TypeError('This response does not know its URL: pass it, as jar.put(response, url).');
    const at = this.#hop(from, hop);
    return lines.map((line) => this.#set(octetsOfHeader(line), at));
  }

  #set(octets: string, at: HopFacts & { readonly url: URL }): Verdict {
    const cookie = parseSetCookieOctets(octets, at.engine);
    if (cookie === undefined) return whyIgnored(octets, at.engine);
    const scope = scopeOf(cookie, at.url, at.suffixes);
    const verdict = admitParsed(cookie, at, scope, this.#rivals(scope, at));
    if (verdict.allowed) this.#storage.keep(storedFrom(cookie, at, scope), at.time);
    return verdict;
  }

  /**
   * The Cookie header of a request as `fetch` takes it, `''` when there is none. Without a hop: a program's own request, no page
   * behind it.
   */
  header(url: string | URL, hop?: HopFacts): string {
    if (hop !== undefined) expectHop(hop, 'jar.header(url, hop)');
    const { host, path, secure } = readRequestUrl(
      url,
      hop?.secureOnLoopback ?? this.#defaults.secureOnLoopback,
    );
    const buckets = bucketsFor(this.#storage.bucketOf, host);
    const [first] = buckets;
    if (first === undefined) return '';
    const turn = this.#storage.nextTurn();
    if (!isPrograms(hop) || (hop?.engine ?? this.#defaults.engine) !== undefined) {
      const at = this.#hop(url, hop);
      const rules = rulesOf(at.engine);
      const order = retrievalOrder(rules);
      const header = cookieString(
        matching(buckets, turn, (cookie) => releaseCookie(cookie, at).allowed, order),
      );
      const hidden = at.script && rules.hidesInvalidUtf8 && decodeUtf8(header) === undefined;
      return hidden ? '' : header;
    }
    const request = {
      path,
      secure,
      time: hop?.time ?? this.#defaults.clock.now(),
      site: () => siteOf(toUrl(url), hop?.suffixes ?? this.#defaults.suffixes),
    };
    if (buckets.length === 1) return cachedHeader(first, request, first.domain === host, turn);
    return cookieString(
      matching(buckets, turn, (cookie, { domain }) => isReleased(cookie, request, domain === host)),
    );
  }

  /** Every cookie with its verdict for this request, withheld ones too, in the order of retrieval. */
  select(url: string | URL, hop?: HopFacts): Selected[] {
    return selectFrom(this.#storage.all(), this.#hop(url, hop));
  }

  /** What the jar holds now for the site of this URL, to be asked later, and how much it holds for others. */
  snapshot(url: string | URL): JarSnapshot {
    const { href, hostname } = toWebUrl(url);
    const { lists, otherCookies } = this.#storage.siteSnapshot(hostname);
    return snapshotOf(href, lists, otherCookies, this.#defaults);
  }

  /** Every cookie that has not expired, the earliest first. */
  all(): StoredCookie[] {
    return this.#records().map(toTextForm);
  }

  #records(): JarCookie[] {
    this.#storage.sweep(this.#defaults.clock.now());
    return [...this.#storage.all()].sort((a, b) => a.order - b.order);
  }

  /** The cookie of this name that a program's request to `url` would carry first; without `url`, the earliest one. */
  get(name: string, url?: string | URL): StoredCookie | undefined {
    const [first] = this.#named(name, url);
    return first && toTextForm(first);
  }

  /** Removes the cookies of this name that a program's request to `url` would carry; without `url`, all of them. True when there were any. */
  delete(name: string, url?: string | URL): boolean {
    const found = this.#named(name, url);
    this.#storage.delete(found);
    return found.length > 0;
  }

  clear(): void {
    this.#storage.clear();
  }

  /** How many cookies there are that have not expired. */
  get size(): number {
    this.#storage.sweep(this.#defaults.clock.now());
    return this.#storage.count;
  }

  /** Everything as JSON, values included: what {@link CookieJar.import} reads. */
  export(): SavedJar {
    return { version: 1, cookies: this.all().map(saveCookie) };
  }

  /**
   * A jar with the cookies of one in JSON, as {@link readCookiesJson} takes it: of this library, tough-cookie or Playwright. Each is
   * judged as by {@link add}. @throws TypeError for what is no jar.
   */
  static import(json: unknown, importOptions: ImportOptions = {}): CookieJar {
    checkOptions(importOptions, { ...jarShape, onRefused: 'function' }, 'CookieJar.import');
    const { onRefused, ...options } = importOptions;
    const jar = new CookieJar(options);
    const cookies: StoredCookie[] = [];
    for (const { cookie, verdict } of jar.#judge(readCookiesJson(json))) {
      if (verdict.allowed) cookies.push(cookie);
      else if (onRefused !== undefined) {
        const { value: _, ...facts } = toTextForm(cookie);
        notify(() => onRefused(facts, verdict));
      }
    }
    jar.#storage.load(cookies, jar.#defaults.clock.now());
    return jar;
  }

  /**
   * Stores cookies that were kept elsewhere, as {@link readCookiesTxt} and {@link readCookiesJson} give them; one verdict each, in
   * their order. Each is judged as if its server set it now: nothing is believed that no Set-Cookie line could have said.
   */
  add(cookies: Iterable<SavedCookie>): Verdict[] {
    const time = this.#defaults.clock.now();
    return this.#judge(cookies).map(({ cookie, verdict }) => {
      if (verdict.allowed) this.#storage.keep(cookie, time);
      return verdict;
    });
  }

  #judge(cookies: Iterable<SavedCookie>) {
    if (typeof cookies?.[Symbol.iterator] !== 'function')
      throw new TypeError(
        'jar.add(cookies) takes a list of cookies, as readCookiesTxt and readCookiesJson give it.',
      );
    const time = this.#defaults.clock.now();
    const stored = Array.from(cookies, (cookie) => toStored(cookie, time));
    return judgeStored(stored, { time, suffixes: this.#defaults.suffixes });
  }

  /** Names and scopes without a value, so that no log holds one. To save a jar, write {@link export}. */
  toJSON(): object {
    return { cookies: this.all().map(({ value: _, ...facts }) => facts) };
  }

  static {
    internalsOf = (jar) => ({ storage: jar.#storage, ...jar.#defaults });
    // What Node's `console.log` shows.
    Object.defineProperty(CookieJar.prototype, Symbol.for('nodejs.util.inspect.custom'), {
      value(this: CookieJar): string {
        const names = this.all().map(
          ({ name, domain, path }) => `${name || '(nameless)'} for ${domain}${path}`,
        );
        return `CookieJar(${names.length}) [${names.join(', ')}]`;
      },
    });
  }

  #named(name: string, url: string | URL | undefined): JarCookie[] {
    expectType(name, 'string', 'The name of jar.get(name, url) and jar.delete(name, url)');
    const octets = toOctets(name);
    const isNamed = (cookie: JarCookie) => cookie.name === octets || cookie.name === name;
    if (url === undefined) return this.#records().filter(isNamed);
    const hop = this.#hop(url, undefined);
    const buckets = bucketsFor(this.#storage.bucketOf, hop.url.hostname);
    return this.#released(buckets, hop).filter(isNamed);
  }

  #released(buckets: Bucket[], hop: HopFacts): JarCookie[] {
    const cookies = buckets.flatMap((bucket) => bucket.cookies);
    return cookies
      .filter((cookie) => releaseCookie(cookie, hop).allowed)
      .sort(retrievalOrder(rulesOf(hop.engine)));
  }

  /** The stored cookies that a rule of admission may ask about: none, unless plain http or a script is at work. */
  #rivals({ domain }: CookieScope, at: HopFacts & { readonly url: URL }): Iterable<CookieFacts> {
    const nothingToAsk = isSecureTransport(at.url, at) && at.script !== true;
    return nothingToAsk ? noRivals : this.#storage.ofSite(domain);
  }

  #hop(url: string | URL, hop: HopFacts | undefined): HopFacts & { readonly url: URL } {
    return hopAt(url, hop, this.#defaults);
  }
}

/** What a jar adds to the facts of a hop. */
interface HopDefaults {
  readonly suffixes: SuffixList | undefined;
  readonly clock: Clock;
  readonly secureOnLoopback: boolean;
  readonly engine: EngineName | EngineRules | undefined;
}

function hopAt(
  url: string | URL,
  hop: HopFacts | undefined,
  defaults: HopDefaults,
): HopFacts & { readonly url: URL } {
  const suffixes = hop?.suffixes ?? defaults.suffixes;
  const secureOnLoopback = hop?.secureOnLoopback ?? defaults.secureOnLoopback;
  const engine = hop?.engine ?? defaults.engine;
  if (hop !== undefined) {
    expectHop(hop, 'a jar');
    return { ...hop, url: toWebUrl(url), suffixes, secureOnLoopback, engine };
  }
  const time = defaults.clock.now();
  return {
    url: toWebUrl(url),
    method: 'GET',
    initiator: 'program',
    time,
    suffixes,
    secureOnLoopback,
    engine,
  };
}

/** A function of its own: one that the jar makes in a method would keep the jar in memory. */
function snapshotOf(
  url: string,
  lists: readonly CookieList[],
  otherCookies: number,
  defaults: HopDefaults,
): JarSnapshot {
  return { otherCookies, select: (hop) => selectFrom(cookiesIn(lists), hopAt(url, hop, defaults)) };
}

const noRivals: readonly CookieFacts[] = [];

/** A program's own request is decided without a verdict. */
const isPrograms = (hop: HopFacts | undefined) =>
  hop === undefined || (hop.initiator === 'program' && hop.script !== true);
