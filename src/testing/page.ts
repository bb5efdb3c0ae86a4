import { isLoopback } from '../scope/origin.ts';
import { siteOf } from '../scope/site.ts';

/**
 * What a browser writes about itself on a `fetch` of a page: `Sec-Fetch-Site` (Fetch Metadata §2.4) and `Origin` (Fetch §3.2).
 * @param chain every URL of the call so far, the present one last.
 */
export function pageHeaders(page: URL, chain: readonly URL[], method: string): Record<string, string> {
  const headers: Record<string, string> = {};
  const url = chain.at(-1);
  if (url !== undefined && isTrustworthy(url)) headers['sec-fetch-site'] = relation(page, chain);
  const leaves = chain.some(({ origin }) => origin !== page.origin);
  if (leaves || (method !== 'GET' && method !== 'HEAD')) headers.origin = originHeader(page, chain);
  return headers;
}

/** Browsers send fetch metadata over TLS and to this machine only. Secure Contexts §3.1. */
function isTrustworthy(url: URL): boolean {
  return url.protocol === 'https:' || isLoopback(url.hostname);
}

/** The farthest that the chain has been from the page: a chain that comes back is not forgiven. */
function relation(page: URL, chain: readonly URL[]): string {
  const site = siteOf(page);
  if (chain.some((url) => siteOf(url) !== site)) return 'cross-site';
  return chain.every(({ origin }) => origin === page.origin) ? 'same-origin' : 'same-site';
}

/** `null` once another origin has redirected to yet another one. Fetch §4.4, "redirect-tainted". */
function originHeader(page: URL, chain: readonly URL[]): string {
  const tainted = chain.some((url, at) => {
    const before = chain[at - 1];
    return before !== undefined && before.origin !== url.origin && before.origin !== page.origin;
  });
  return tainted ? 'null' : page.origin;
}
