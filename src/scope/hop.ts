import { aSuffixList } from '../errors/kinds.ts';
import { expectType } from '../errors/misuse.ts';
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

/** @throws TypeError for what is no hop. @param call the call that it was passed to */
export function expectHop(hop: HopFacts, call: string): void {
  if (typeof hop !== 'object' || hop === null) expectType(hop, 'object', `The hop of ${call}`);
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
  if (initiator !== 'program' && initiator.frames !== undefined)
    expectType(initiator.frames, 'array', `initiator.frames of the hop of ${call}`);
  if (suffixes !== undefined && typeof suffixes?.registrableDomain !== 'function')
    aSuffixList(suffixes, `the hop of ${call}`, 'suffixes');
}

/** True when every party to the request is of the URL's own site: its page, every frame, and what redirected here. rfc6265bis §5.2. */
export function isSameSite(hop: HopFacts): boolean {
  if (hop.initiator === 'program') return true;
  const { page, frames = none } = hop.initiator;
  const site = siteOf(toUrl(hop.url), hop.suffixes);
  const isOfSite = (url: string | URL) => siteOf(toUrl(url), hop.suffixes) === site;
  return isOfSite(page) && frames.every(isOfSite) && (hop.before ?? none).every(isOfSite);
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

/** What a partition ends with that lies on its own site, behind a frame of another one. */
export const crossSiteAncestor = '#cross-site-ancestor';
