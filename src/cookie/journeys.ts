import { anEngine } from '../errors/an-engine.ts';
import { frozen } from '../errors/frozen.ts';
import { aSuffixList } from '../errors/kinds.ts';
import { checkOptions, type Shape } from '../errors/misuse.ts';
import { admit, expectSetCookie } from '../scope/admit.ts';
import type { SetCookie } from '../scope/cookie-facts.ts';
import type { EngineName, EngineRules } from '../scope/engines.ts';
import type { HopFacts } from '../scope/hop.ts';
import { isIpAddress, toUrl } from '../scope/origin.ts';
import { release } from '../scope/release.ts';
import { lastLabelOnly, type SuffixList } from '../scope/site.ts';
import { storedFrom } from '../scope/stored-cookie.ts';
import type { Verdict } from '../scope/verdict.ts';

/** The name of a journey: one of a closed set. */
export type JourneyName =
  | 'first-visit'
  | 'page-script'
  | 'same-site-link'
  | 'cross-site-link'
  | 'cross-site-post'
  | 'cross-site-iframe'
  | 'cross-site-ancestor'
  | 'subdomain'
  | 'sibling-plants'
  | 'other-port'
  | 'http-downgrade'
  | 'safari-localhost';

/** Where a request goes, or comes from, as seen from the URL that sets the cookie. */
type Place = 'own' | 'other-port' | 'plain-http' | 'subdomain' | 'sibling' | 'other-site' | 'localhost';

/** One request of a journey. */
interface JourneyRequest {
  readonly to: Place;
  /** The page behind the request. */
  readonly from: Place;
  /** The frame in that page that makes it. */
  readonly frame?: Place;
  readonly navigation?: boolean;
  readonly method?: string;
  readonly script?: boolean;
}

/** The answer to `set` plants the cookie; `send` may carry it. */
interface Walk {
  readonly title: string;
  readonly set: JourneyRequest;
  /** True: the cookie is planted for the whole site, whatever its own Domain and Path. */
  readonly widened?: boolean;
  readonly send: JourneyRequest;
}

const firstNavigation: JourneyRequest = { to: 'own', from: 'own', navigation: true };

const table: Readonly<Record<JourneyName, Walk>> = {
  'first-visit': {
    title: 'first visit, then a request of that page',
    set: firstNavigation,
    send: { to: 'own', from: 'own' },
  },
  'page-script': {
    title: 'a script of that page (document.cookie)',
    set: firstNavigation,
    send: { to: 'own', from: 'own', script: true },
  },
  'same-site-link': {
    title: 'a link from the same site',
    set: firstNavigation,
    send: { to: 'own', from: 'other-port', navigation: true },
  },
  'cross-site-link': {
    title: 'a link from another site',
    set: firstNavigation,
    send: { to: 'own', from: 'other-site', navigation: true },
  },
  'cross-site-post': {
    title: 'a form of another site (POST)',
    set: firstNavigation,
    send: { to: 'own', from: 'other-site', navigation: true, method: 'POST' },
  },
  'cross-site-iframe': {
    title: 'inside an iframe of another site',
    set: { to: 'own', from: 'other-site' },
    send: { to: 'own', from: 'other-site' },
  },
  'cross-site-ancestor': {
    title: 'an iframe of another site, on a page of this site',
    set: firstNavigation,
    send: { to: 'own', from: 'own', frame: 'other-site' },
  },
  subdomain: { title: 'a host below', set: firstNavigation, send: { to: 'subdomain', from: 'subdomain' } },
  'sibling-plants': {
    title: 'a sibling host plants one of this name for the whole site',
    set: { to: 'sibling', from: 'sibling', navigation: true },
    widened: true,
    send: { to: 'own', from: 'own' },
  },
  'other-port': {
    title: 'another port of the host',
    set: firstNavigation,
    send: { to: 'other-port', from: 'other-port' },
  },
  'http-downgrade': {
    title: 'the same host over plain http',
    set: firstNavigation,
    send: { to: 'plain-http', from: 'plain-http' },
  },
  'safari-localhost': {
    title: 'Safari on http://localhost',
    set: { to: 'localhost', from: 'localhost', navigation: true },
    send: { to: 'localhost', from: 'localhost' },
  },
};

/** The names of all journeys. */
export const journeyNames: readonly JourneyName[] = frozen(Object.keys(table) as JourneyName[]);

/** What happens to a cookie on one journey. */
export interface Journey {
  readonly journey: JourneyName;
  /** What the name stands for. */
  readonly title: string;
  /** May the answer plant the cookie? */
  readonly stored: Verdict;
  /** May the request carry it? What is not stored is not sent, for the same reasons. */
  readonly sent: Verdict;
}

/** Where and when a cookie is walked. */
export interface JourneyOptions {
  /** The URL whose answer sets the cookie. Default: https, and a host of the cookie's own Domain. */
  readonly url?: string | URL;
  /** Milliseconds since 1970. Default: an Expires counts as lying just ahead, and one of 1970 as past. */
  readonly time?: number;
  /** The Public Suffix List. Default: the last label of a host counts as its suffix. */
  readonly suffixes?: SuffixList;
  /** The browser engine whose answers are asked for, or rules like those of one. Default: the standard's answers. */
  readonly engine?: EngineName | EngineRules;
}

export const journeyShape: Shape<JourneyOptions> = {
  url: 'string|object',
  time: 'number',
  suffixes: aSuffixList,
  engine: anEngine,
};

/**
 * Walks a cookie through every journey that there is for its host, and says for each whether it is stored and sent, and why
 * not. The verdicts come from `admit` and `release`.
 *
 * @example
 * ```ts
 * import { journeys, parseSetCookie } from 'hallpass';
 *
 * const cookie = parseSetCookie('id=1; Secure; SameSite=Strict');
 * const walked = cookie === undefined ? [] : journeys(cookie, { url: 'https://shop.example.com/' });
 * const link = walked.find(({ journey }) => journey === 'cross-site-link');
 * console.log(link?.sent.reasons[0]?.code); // → same-site-strict
 * ```
 */
export function journeys(cookie: SetCookie, options: JourneyOptions = {}): Journey[] {
  expectSetCookie(cookie, 'journeys(cookie, options)');
  checkOptions(options, journeyShape, 'journeys');
  const url = urlOf(cookie, options);
  const time = timeOf(cookie, options);
  const { suffixes, engine } = options;
  const hop = (request: JourneyRequest, path: string) =>
    hopOf(request, url, path, { time, suffixes, engine });

  return (Object.entries(table) as [JourneyName, Walk][]).flatMap(
    ([journey, { title, set, widened, send }]) => {
      const setHop = hop(set, url.pathname);
      if (setHop === undefined) return [];
      const planted = widened ? { ...cookie, domain: siteHost(url, suffixes), path: '/' } : cookie;
      const facts = storedFrom(planted, setHop);
      const sendHop = hop(send, facts.path);
      if (sendHop === undefined) return [];
      const stored = admit(planted, setHop);
      return [{ journey, title, stored, sent: stored.allowed ? release(facts, sendHop) : stored }];
    },
  );
}

/** The URL that sets the cookie. */
export function urlOf({ domain }: Pick<SetCookie, 'domain'>, { url }: JourneyOptions): URL {
  if (url !== undefined) return toUrl(url);
  const host = domain === undefined ? 'app.example.com' : `www.${domain}`;
  return URL.parse(`https://${host}/`) ?? new URL('https://app.example.com/');
}

/** The moment at which the cookie is set; milliseconds since 1970. */
export function timeOf({ expires }: Pick<SetCookie, 'expires'>, { time }: JourneyOptions): number {
  return time ?? Math.max(0, (expires?.getTime() ?? 0) - 1);
}

/** Undefined when the host has no such place. */
function hopOf(
  { to, from, frame, navigation, method = 'GET', script }: JourneyRequest,
  own: URL,
  path: string,
  facts: Pick<HopFacts, 'time' | 'suffixes' | 'engine'>,
): (HopFacts & { readonly url: URL }) | undefined {
  const url = placeOf(to, own, facts.suffixes);
  const page = placeOf(from, own, facts.suffixes);
  if (url === undefined || page === undefined) return undefined;
  url.pathname = path;
  const inside = frame && placeOf(frame, own, facts.suffixes);
  const ofStandard = to !== 'localhost'; // where the journey is Safari's
  const secureOnLoopback = facts.engine === undefined ? ofStandard : undefined;
  return {
    ...facts,
    url,
    method,
    initiator: { page, ...(inside && { frames: [inside] }) },
    navigation,
    script,
    secureOnLoopback,
  };
}

function placeOf(place: Place, own: URL, suffixes: SuffixList | undefined): URL | undefined {
  const { protocol, host, hostname, port } = own;
  const on = (authority: string) => new URL(`${protocol}//${authority}/`);
  switch (place) {
    case 'own':
      return on(host);
    case 'other-port':
      return on(`${hostname}:${port === '8443' ? '9443' : '8443'}`);
    case 'plain-http':
      return new URL(`http://${protocol === 'http:' ? host : hostname}/`);
    case 'subdomain':
      return isIpAddress(hostname) ? undefined : on(`sub.${host}`);
    case 'sibling': {
      const site = siteHost(own, suffixes);
      if (site === undefined) return undefined;
      return on(hostname === `sibling.${site}` ? `other.${site}` : `sibling.${site}`);
    }
    case 'other-site':
      return on(hostname.endsWith('other.example') ? 'another.example' : 'other.example');
    case 'localhost':
      return new URL('http://localhost:3000/');
  }
}

/** The registrable domain; undefined for an IP address and a public suffix, which have no siblings. */
export function siteHost({ hostname }: URL, suffixes: SuffixList = lastLabelOnly): string | undefined {
  return isIpAddress(hostname) ? undefined : suffixes.registrableDomain(hostname);
}
