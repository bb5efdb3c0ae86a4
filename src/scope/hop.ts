import { aSuffixList } from '../errors/kinds.ts';
import { expectType, FactNames } from '../errors/misuse.ts';
import { type EngineName, type EngineRules, rulesOf } from './engines.ts';
import { toUrl } from './origin.ts';
import { type SuffixList, siteOf } from './site.ts';

/**
 * Who started the request: a program, which has no page behind it and counts as same-site everywhere,
 * or a page, given by the URL of its top-level document. A frame of it that made the request is named with the frames
 * around it, the outermost first.
 */
export type Initiator = 'program' | { page: string | URL; frames?: readonly (string | URL)[] };

/** What a rule may ask about one request of a redirect chain. */
export interface HopFacts {
  readonly url: string | URL;
  readonly method: string;
  readonly initiator: Initiator;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** The URLs requested before in this chain, oldest first. */
  readonly before?: readonly (string | URL)[];
  /** True for a top-level navigation, as by a link or a form. */
  readonly navigation?: boolean;
  /** True for `document.cookie` and the like instead of HTTP. */
  readonly script?: boolean;
  /** The Public Suffix List; without one the last label of a host counts as its suffix. */
  readonly suffixes?: SuffixList;
  /** True to treat loopback hosts over plain http as secure, as Chromium and Firefox do and Safari does not. */
  readonly secureOnLoopback?: boolean;
  /** The engine whose answer is asked for, or rules like those of one. Default: the standard's answer. */
  readonly engine?: EngineName | EngineRules;
}

/** What callbacks of the client see of a hop: plain facts, frozen, without a secret. */
export interface HopView {
  readonly url: string;
  readonly method: string;
  /** 0 for the call's first request. */
  readonly index: number;
  /** The URL that redirected here. */
  readonly from?: string;
  /** The status of that redirect. */
  readonly status?: number;
}

const hopNames = FactNames.of<HopFacts>({
  url: true,
  method: true,
  initiator: true,
  time: true,
  before: true,
  navigation: true,
  script: true,
  suffixes: true,
  secureOnLoopback: true,
  engine: true,
});
const pageNames = FactNames.of<Exclude<Initiator, 'program'>>({ page: true, frames: true });

/** @throws TypeError for what is no hop. @param call the call that it was passed to */
export function expectHop(hop: HopFacts, call: string): void {
  hopNames.check(hop, `The hop of ${call}`);
  const { initiator, before, suffixes } = hop;
  if (
    initiator !== 'program' &&
    (typeof initiator !== 'object' || initiator === null || !('page' in initiator))
  ) {
    throw new TypeError(
      `The initiator of the hop of ${call} is 'program', or { page: 'https://app.example.com/' }: say who asks.`,
    );
  }
  if (before !== undefined) expectType(before, 'array', `before of the hop of ${call}`);
  if (initiator !== 'program') {
    pageNames.check(initiator, `initiator of the hop of ${call}`);
    if (initiator.frames !== undefined)
      expectType(initiator.frames, 'array', `initiator.frames of the hop of ${call}`);
  }
  if (suffixes !== undefined && typeof suffixes?.registrableDomain !== 'function')
    aSuffixList(suffixes, `the hop of ${call}`, 'suffixes');
  rulesOf(hop.engine);
}

/**
 * True when every party to the request is of the URL's own site: its page, every frame, and what redirected here. rfc6265bis §5.2.
 * @param use whether cookies are to be set or sent, which engines tell apart
 */
export function isSameSite(hop: HopFacts, use: 'set' | 'send'): boolean {
  if (hop.initiator === 'program') return true;
  const rules = rulesOf(hop.engine);
  const { page, frames = none } = hop.initiator;
  const siteAt = (at: string | URL) => {
    const site = siteOf(toUrl(at), hop.suffixes);
    return rules.sameSiteIgnoresScheme ? site.slice(site.indexOf('/')) : site;
  };
  const site = siteAt(hop.url);
  const isOfSite = (url: string | URL) => siteAt(url) === site;
  if (!isOfSite(page) || !(ignoresFrames(hop.url, page, rules, use) || frames.every(isOfSite))) return false;
  return ignoresRedirects(hop, rules, use) || (hop.before ?? none).every(isOfSite);
}

function ignoresFrames(
  url: string | URL,
  page: string | URL,
  { framesIgnored }: EngineRules,
  use: 'set' | 'send',
): boolean {
  return framesIgnored === true && (use === 'set' || toUrl(url).hostname === toUrl(page).hostname);
}

function ignoresRedirects(hop: HopFacts, rules: EngineRules, use: 'set' | 'send'): boolean | undefined {
  if (use === 'set') return rules.redirectsIgnoredOnSet;
  const ignored = rules.redirectsIgnoredOnSend;
  return ignored === 'all' || (ignored === 'subrequests' && hop.navigation !== true);
}

const none: readonly (string | URL)[] = [];

/**
 * What a Partitioned cookie of this hop is tied to: the top-level site. A request to that very site that comes through a frame
 * of another one has a partition of its own, as in Chromium. draft-cutler-httpbis-partitioned-cookies-01 §2.2
 */
export function partitionOf(hop: HopFacts): string {
  const { url, initiator, suffixes } = hop;
  const siteAt = (at: string | URL) => siteOf(toUrl(at), suffixes);
  if (initiator === 'program' || hop.navigation === true) return siteAt(url);
  const top = siteAt(initiator.page);
  const { frames } = initiator;
  if (frames === undefined || siteAt(url) !== top) return top;
  return frames.every((frame) => siteAt(frame) === top) ? top : `${top}${crossSiteAncestor}`;
}

/** The partition that a cookie would be kept in; `undefined` for one that is in none. */
export function partitionFor(cookie: { readonly partitioned?: boolean }, hop: HopFacts): string | undefined {
  return cookie.partitioned === true && !rulesOf(hop.engine).partitionedIgnored
    ? partitionOf(hop)
    : undefined;
}

/** What a partition ends with that lies on its own site, behind a frame of another one. */
export const crossSiteAncestor = '#cross-site-ancestor';
