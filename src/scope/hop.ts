import { toUrl } from './origin.ts';
import { type SuffixList, siteOf } from './site.ts';

/**
 * Who started the request: a program, which has no page behind it and counts as same-site everywhere,
 * or a page, given by the URL of its top-level document.
 */
export type Initiator = 'program' | { page: string | URL };

/** One request of a redirect chain: everything that a rule may ask about it. */
export interface Hop {
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

/** True when every party to the request is of the URL's own site. rfc6265bis §5.2. */
export function isSameSite(hop: Hop): boolean {
  if (hop.initiator === 'program') return true;
  const site = siteOf(toUrl(hop.url), hop.suffixes);
  if (siteOf(toUrl(hop.initiator.page), hop.suffixes) !== site) return false;
  return hop.before === undefined || hop.before.every((url) => siteOf(toUrl(url), hop.suffixes) === site);
}

/** The top-level site that a Partitioned cookie of this hop is tied to. */
export function partitionOf(hop: Hop): string {
  const top = hop.initiator === 'program' || hop.navigation === true ? hop.url : hop.initiator.page;
  return siteOf(toUrl(top), hop.suffixes);
}
