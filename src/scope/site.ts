import { isIpAddress } from './origin.ts';

/** The Public Suffix List as the questions that cookies and scopes need to ask of it. */
export interface SuffixList {
  /**
   * The registrable domain of a canonical host (lower case, A-labels, no port): `example.co.uk` for `api.example.co.uk`.
   * `undefined` when the host is itself a public suffix.
   */
  registrableDomain(host: string): string | undefined;
  /**
   * True when a public suffix lies somewhere below a host that is none, as `s3.amazonaws.com` below `amazonaws.com`. A list that
   * cannot say so lets scopes cover such a host.
   */
  isAboveSuffix?(host: string): boolean;
}

/** What is known without a list: the last label is the suffix. publicsuffix.org, the algorithm's rule `*`. */
export const lastLabelOnly: SuffixList = {
  registrableDomain(host) {
    const last = host.lastIndexOf('.', host.length - 2); // not the dot that a name may end with
    if (last <= 0) return undefined;
    return host.slice(host.lastIndexOf('.', last - 1) + 1);
  },
};

/** True when nobody can own `host`: every site below it belongs to somebody else. */
export function isPublicSuffix(host: string, suffixes: SuffixList = lastLabelOnly): boolean {
  return !isIpAddress(host) && suffixes.registrableDomain(host) === undefined;
}

/** True when everything below `host` is not one owner's: it is a public suffix, or one lies below it. */
export function coversStrangers(host: string, suffixes: SuffixList = lastLabelOnly): boolean {
  return (
    isPublicSuffix(host, suffixes) ||
    isPublicSuffix(`a.${host}`, suffixes) ||
    suffixes.isAboveSuffix?.(host) === true
  );
}

/** The site of a URL: scheme and registrable domain; an IP address or a bare public suffix is its own site. HTML §7.1.1.1. */
export function siteOf(url: URL, suffixes: SuffixList = lastLabelOnly): string {
  const host = url.hostname;
  return `${url.protocol}//${isIpAddress(host) ? host : (suffixes.registrableDomain(host) ?? host)}`;
}

/** True when `host` is `domain` or lies below it on a label boundary. rfc6265bis §5.1.3. */
export function domainMatches(host: string, domain: string): boolean {
  if (host === domain) return true;
  return (
    host.endsWith(domain) &&
    host.charCodeAt(host.length - domain.length - 1) === 0x2e /* . */ &&
    !isIpAddress(host)
  );
}
