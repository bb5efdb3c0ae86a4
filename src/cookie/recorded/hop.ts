import type { HopFacts, Initiator } from '../../scope/hop.ts';
import type { SuffixList } from '../../scope/site.ts';
import { siteOf } from '../../scope/site.ts';
import { headerOf, type RecordedExchange } from './exchange.ts';

/** Stands for the page of a cross-site request that does not say which page it was. */
const anotherSite = new URL('https://another-site.invalid/');

/**
 * True for a request that was made for a page, as its headers say: those of curl and of servers have no such headers. Where
 * nobody wrote down any, it counts as a visit.
 */
const isOfBrowser = ({ requestHeaders }: RecordedExchange): boolean =>
  requestHeaders === undefined ||
  headerOf(requestHeaders, 'sec-fetch-site') !== undefined ||
  headerOf(requestHeaders, 'origin') !== undefined;

/** Curl keeps Secure cookies of this machine, too, since 7.79. */
const isOfCurl = ({ requestHeaders }: RecordedExchange): boolean =>
  headerOf(requestHeaders, 'user-agent')?.startsWith('curl/') === true;

/** True for a script's request to another origin, to which CORS applies. */
export function isCrossOriginFetch({ url, requestHeaders }: RecordedExchange): boolean {
  const origin = headerOf(requestHeaders, 'origin');
  const mode = headerOf(requestHeaders, 'sec-fetch-mode');
  return url !== undefined && origin !== undefined && origin !== url.origin && mode !== 'navigate';
}

/** A recorded request as the rules see it. */
export type RecordedHop = HopFacts & { readonly url: URL };

/** What the rules ask about a recorded request: who started it is what its own headers say. Fetch Metadata §2. */
export function hopOf(
  exchange: RecordedExchange & { readonly url: URL },
  time: number,
  suffixes: SuffixList | undefined,
): RecordedHop {
  const { url, method = 'GET', requestHeaders } = exchange;
  const isTop = headerOf(requestHeaders, 'sec-fetch-dest') === 'document';
  return {
    url,
    method,
    time,
    suffixes,
    initiator: initiatorOf(exchange, suffixes),
    navigation:
      requestHeaders === undefined || (isTop && headerOf(requestHeaders, 'sec-fetch-mode') === 'navigate'),
    secureOnLoopback: isOfBrowser(exchange) || isOfCurl(exchange),
  };
}

function initiatorOf(
  exchange: RecordedExchange & { readonly url: URL },
  suffixes: SuffixList | undefined,
): Initiator {
  if (!isOfBrowser(exchange)) return 'program';
  const { url, requestHeaders } = exchange;
  if (requestHeaders === undefined) return { page: url };
  const site = headerOf(requestHeaders, 'sec-fetch-site');
  const named = headerOf(requestHeaders, 'referer') ?? headerOf(requestHeaders, 'origin');
  const page = URL.parse(named ?? '');
  if (site === undefined) return page === null ? 'program' : { page };
  if (site !== 'cross-site') return { page: url };
  // After a redirect through another site the page may be one of this one, and the request counts as cross-site all the same.
  const isElsewhere = page !== null && siteOf(page, suffixes) !== siteOf(url, suffixes);
  return { page: isElsewhere ? page : anotherSite };
}
