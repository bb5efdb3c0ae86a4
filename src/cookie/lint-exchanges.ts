import { anEngine } from '../errors/an-engine.ts';
import { aSuffixList } from '../errors/kinds.ts';
import { type Check, checkOptions, expectType, listOf, type Shape } from '../errors/misuse.ts';
import type { SetCookie } from '../scope/cookie-facts.ts';
import type { EngineName } from '../scope/engines.ts';
import { finding, findingOf, type LintFinding } from '../scope/lint-finding.ts';
import { fromOctets, toOctets } from '../scope/octets.ts';
import { withMaskedParameters } from '../scope/path.ts';
import type { SuffixList } from '../scope/site.ts';
import { type Reason, reason, type Verdict } from '../scope/verdict.ts';
import { parseCookieHeader } from './header.ts';
import { cookieHeaderWarnings } from './header-warnings.ts';
import { type Journey, type JourneyName, type JourneyOptions, journeys } from './journeys.ts';
import { lintSetCookie, shownName } from './lint.ts';
import { corsFindings } from './recorded/cors.ts';
import { headerOf, linesOf, type RecordedExchange } from './recorded/exchange.ts';
import { hopOf, isCrossOriginFetch, type RecordedHop } from './recorded/hop.ts';
import { methodFindings, tokenFindings } from './recorded/redirect.ts';
import { SeenCookies, type Withheld } from './recorded/seen-cookies.ts';
import { parseSetCookie, parseSetCookieOctets, whyIgnored } from './set-cookie.ts';

/** Options of {@link lintExchanges}. */
export interface LintExchangesOptions {
  /** The journey on which a cookie is missed: what is against it there is an error. Default: none in particular. */
  readonly journey?: JourneyName;
  /** The browser engine by whose rules everything is judged. Default: the standard. */
  readonly engine?: EngineName;
  /** True: each cookie is walked by each browser engine too. Default: by the standard alone. */
  readonly engines?: boolean;
  /** The Public Suffix List. Default: the last label of a host counts as its suffix. */
  readonly suffixes?: SuffixList;
}

const shape: Shape<LintExchangesOptions> = {
  journey: 'string',
  engine: anEngine,
  engines: 'boolean',
  suffixes: aSuffixList,
};

const aHeader: Check = (value, whose, option) => {
  if (Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'string')) return;
  throw new TypeError(`${option} of ${whose} is a name and a value, as ['set-cookie', 'id=1'].`);
};

const aUrl: Check = (value, whose, option) => {
  if (value instanceof URL) return;
  throw new TypeError(`${option} of ${whose} is a URL, as new URL('https://app.example/').`);
};

const exchangeShape: Shape<RecordedExchange> = {
  url: aUrl,
  method: 'string',
  status: 'number',
  time: 'number',
  requestHeaders: listOf(aHeader),
  responseHeaders: listOf(aHeader),
};

/** One Set-Cookie line of an answer. Holds no value. */
export interface LintedCookie {
  /** Absent for a line that is ignored whole. */
  readonly cookie?: Omit<SetCookie, 'value'>;
  /** True for a value of nothing. */
  readonly isEmpty?: boolean;
  /** Whether the answer may plant it; absent where nobody said where the answer came from. */
  readonly stored?: Verdict;
  readonly findings: readonly LintFinding[];
  readonly journeys: readonly Journey[];
  /** The journeys as each engine walks them; with the option `engines`. */
  readonly engines?: Readonly<Record<EngineName, readonly Journey[]>>;
}

/** A request and its answer, judged. */
export interface LintedExchange {
  /** Without query and user, the parameters of its path masked; absent where nobody said. */
  readonly url?: string;
  readonly method: string;
  readonly status?: number;
  readonly cookies: readonly LintedCookie[];
  /** The cookies of its site that did not come along, each with what is against it. */
  readonly withheld: readonly { readonly name: string; readonly reasons: readonly Reason[] }[];
  /** What is to be said of the request and its answer, beside the cookies that it sets. */
  readonly findings: readonly LintFinding[];
}

type Located = RecordedExchange & { readonly url: URL };

/**
 * What went wrong between these requests, in their order: the cookies that are not kept, those that did not come along and why,
 * what a redirect changed, and what CORS keeps from a page. No finding repeats a value.
 * @throws TypeError for what is no exchange
 *
 * @example
 * ```ts
 * import { lintExchanges } from 'hallpass';
 *
 * const [login, home] = lintExchanges([
 *   {
 *     url: new URL('https://app.example/login'),
 *     responseHeaders: [['set-cookie', 'id=1; Path=/; Secure; SameSite=Lax']],
 *   },
 *   { url: new URL('http://app.example/'), status: 401 },
 * ]);
 * console.log(login?.cookies[0]?.stored?.allowed, home?.findings[0]?.code); // → true needs-https
 * ```
 */
export function lintExchanges(
  exchanges: readonly RecordedExchange[],
  options: LintExchangesOptions = {},
): LintedExchange[] {
  expectType(exchanges, 'array', 'The exchanges of lintExchanges(exchanges, options)');
  checkOptions(options, shape, 'lintExchanges');
  for (const exchange of exchanges) checkOptions(exchange, exchangeShape, 'an exchange', '', true);
  const lint = new ExchangeLint(options);
  return exchanges.map((exchange) => lint.next(exchange));
}

/** `live`: for an app that runs: a cookie that does not come is told of at each request, and no journey is walked. */
type LiveOptions = LintExchangesOptions & { readonly live?: boolean };

/** Judges exchanges one after the other, as they come. */
export class ExchangeLint {
  readonly #options: LiveOptions;
  readonly #seen = new SeenCookies();
  readonly #reported = new Set<string>();
  #before: RecordedExchange | undefined;

  constructor(options: LiveOptions) {
    this.#options = options;
  }

  next(exchange: RecordedExchange): LintedExchange {
    const { url, method = 'GET', status } = exchange;
    const isPlaced = url !== undefined;
    const withheld = isPlaced ? this.#withheld({ ...exchange, url }) : [];
    const findings = isPlaced ? this.#request({ ...exchange, url }, withheld) : [];
    const cookies = linesOf(exchange.responseHeaders, 'set-cookie').map((line) => this.#line(line, exchange));
    const missed = cookies.flatMap((one) => one.missed ?? []);
    this.#before = exchange;
    return {
      ...(isPlaced && { url: `${url.origin}${withMaskedParameters(url.pathname)}` }),
      method,
      ...(status !== undefined && { status }),
      cookies: cookies.map(({ missed: _, ...one }) => one),
      withheld: withheld
        .filter(({ reasons }) => reasons.length > 0)
        .map(({ cookie: { name }, reasons }) => ({ name, reasons })),
      findings: [...findings, ...missed],
    };
  }

  /** What is to be said of the request, before its answer sets anything. */
  #request(exchange: Located, withheld: readonly Withheld[]): LintFinding[] {
    return [
      ...corsFindings(exchange),
      ...tokenFindings(this.#before, exchange, this.#options.suffixes),
      ...this.#withheldFindings(exchange, withheld),
      ...cookieHeaderWarnings(cookieText(exchange)).map((one) => findingOf(one, 'warning')),
      ...methodFindings(this.#before, exchange),
    ];
  }

  #withheld(exchange: Located): Withheld[] {
    const came = new Set(parseCookieHeader(cookieText(exchange)).map(({ name }) => name));
    return this.#seen.withheld(this.#hopOf(exchange), came);
  }

  #withheldFindings(exchange: Located, withheld: readonly Withheld[]): LintFinding[] {
    const isTurnedAway = [301, 302, 303, 307, 401, 403].includes(exchange.status ?? 0);
    const isWithout = (one: Reason) => findingOf(one, isTurnedAway ? 'warning' : 'note');
    const mayOmit = isCrossOriginFetch(exchange) && exchange.method !== 'OPTIONS';
    return withheld.flatMap(({ cookie: { name }, reasons }) => {
      if (reasons.length > 0) return reasons.filter((one) => this.#isNews(name, one.code)).map(isWithout);
      return mayOmit && this.#isNews(name, 'credentials-omitted')
        ? [findingOf(reason('credentials-omitted'), 'warning', omittedFix)]
        : [];
    });
  }

  /** A fault is reported once of a cookie: a page makes many requests. */
  #isNews(name: string, code: string): boolean {
    const key = `${code} ${name}`;
    if (this.#options.live === true) return true;
    if (this.#reported.has(key)) return false;
    this.#reported.add(key);
    return true;
  }

  #line(line: string, exchange: RecordedExchange): LintedCookie & { missed?: LintFinding } {
    const { url, time, responseHeaders } = exchange;
    const { suffixes, engine } = this.#options;
    const where = { url, time, suffixes, engine };
    const get = (name: string) => headerOf(responseHeaders, name) ?? null;
    const hasHeaders = (responseHeaders?.length ?? 0) > linesOf(responseHeaders, 'set-cookie').length;
    const context = { ...where, ...(hasHeaders && { headers: { get } }) };
    const findings = lintSetCookie(line, context);
    const cookie =
      engine === undefined
        ? parseSetCookie(fromOctets(line))
        : asText(parseSetCookieOctets(toOctets(line), engine));
    const walks = this.#options.engines ? { engines: byEngine(line, { url, time, suffixes }) } : {};
    if (cookie === undefined) return { findings, journeys: [], ...walks };
    const walked = this.#options.live === true ? [] : journeys(cookie, where);
    const { stored, missed } =
      url === undefined ? {} : this.#seen.set(cookie, this.#hopOf({ ...exchange, url }));
    const asked = walked.find(({ journey }) => journey === this.#options.journey);
    const against = [...(stored?.reasons ?? []), ...(asked?.sent.reasons ?? [])];
    const { value, ...facts } = cookie;
    const name = shownName(cookie.name);
    return {
      cookie: facts,
      isEmpty: value === '',
      ...(stored && { stored }),
      findings: withReasons(findings, against),
      journeys: walked,
      ...walks,
      ...(missed && {
        missed: finding('deletion-missed', {
          name,
          path: withMaskedParameters(missed.path),
          domain: scopeText(missed),
        }),
      }),
    };
  }

  #hopOf(exchange: Located): RecordedHop {
    const { suffixes, engine } = this.#options;
    return { ...hopOf(exchange, exchange.time ?? 0, suffixes), engine };
  }
}

/** A cookie that was read from octets, for those who read its name and its path. */
const asText = (cookie: SetCookie | undefined): SetCookie | undefined =>
  cookie && {
    ...cookie,
    name: fromOctets(cookie.name),
    ...(cookie.path !== undefined && { path: fromOctets(cookie.path) }),
  };

/** As each engine reads the line, and then walks it. */
function byEngine(line: string, options: JourneyOptions): Record<EngineName, Journey[]> {
  const octets = toOctets(line);
  const walk = (engine: EngineName) => {
    const cookie = asText(parseSetCookieOctets(octets, engine));
    if (cookie !== undefined) return journeys(cookie, { ...options, engine });
    const ignored = whyIgnored(octets, engine);
    return journeys({ name: '', value: '-' }, options).map((one) => ({
      ...one,
      stored: ignored,
      sent: ignored,
    }));
  };
  return { chromium: walk('chromium'), firefox: walk('firefox'), webkit: walk('webkit') };
}

const cookieText = ({ requestHeaders }: RecordedExchange) => headerOf(requestHeaders, 'cookie', '; ') ?? '';

const omittedFix = "Write fetch(url, { credentials: 'include' }), or withCredentials: true.";

const scopeText = ({ domain, hostOnly }: { domain: string; hostOnly: boolean }) =>
  hostOnly ? `${domain} without a Domain` : `Domain=${domain}`;

/** The findings, with reasons in front that they do not name yet. */
function withReasons(findings: readonly LintFinding[], against: readonly Reason[]): LintFinding[] {
  const named = new Set(findings.map(({ code }) => code as string));
  const news = against.filter(({ code }) => !named.has(code) && named.add(code));
  return [...news.map((one) => findingOf(one, 'error')), ...findings];
}
