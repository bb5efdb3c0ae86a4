import { getDomain } from 'tldts';
import type { SuffixList } from '../scope/site.ts';
import { aboveSuffixes } from './above-suffixes.ts';
import { remembering } from './remembering.ts';

const options = {
  allowPrivateDomains: true,
  extractHostname: false,
  validateHostname: false,
  detectIp: false,
} as const;

/**
 * The Public Suffix List of the package tldts, with its private section. A host with a dot at its end is another host.
 *
 * @example
 * ```ts
 * import { publicSuffixes } from 'hallpass/jar';
 *
 * console.log(publicSuffixes.registrableDomain('api.example.co.uk')); // → example.co.uk
 * console.log(publicSuffixes.registrableDomain('github.io')); // → undefined
 * ```
 */
export const publicSuffixes: SuffixList = Object.freeze<SuffixList>({
  ...remembering((host) => {
    const domain = getDomain(host, options);
    if (domain === null) return undefined;
    return host.endsWith('.') && !domain.endsWith('.') ? `${domain}.` : domain;
  }),
  isAboveSuffix(host) {
    above ??= new Set(aboveSuffixes.trim().split(/\s+/));
    return above.has(host.endsWith('.') ? host.slice(0, -1) : host);
  },
});

/** Read at the first question only. */
let above: ReadonlySet<string> | undefined;
