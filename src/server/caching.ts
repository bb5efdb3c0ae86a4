import type { ResponseHead } from './exchange.ts';

/** Headers that only shared caches obey, whatever Cache-Control says: RFC 9213, and what CDNs and nginx had before it. */
const sharedOnly = [
  'cdn-cache-control',
  'cloudflare-cdn-cache-control',
  'netlify-cdn-cache-control',
  'vercel-cdn-cache-control',
  'akamai-cache-control',
  'edge-control',
  'surrogate-control',
  'x-accel-expires',
];

/** What offers an answer to shared caches, also with a value that it has not: caches read the name. */
const offers = /^(?:public|s-maxage)\s*(?:=|$)/i;

/**
 * Keeps an answer that is one visitor's from shared caches: `private, no-store` where the handler said nothing, and otherwise
 * what it said, as `private`, without `public` and `s-maxage`. RFC 9111 §3.
 * @returns true when the handler had offered it to shared caches
 */
export function keepPrivate(head: ResponseHead): boolean {
  let wasOffered = false;
  for (const name of sharedOnly) {
    if (head.get(name) === null) continue;
    head.delete(name);
    wasOffered = true;
  }
  const present = head.get('cache-control');
  if (present === null) {
    head.set('cache-control', 'private, no-store');
    return wasOffered;
  }
  const directives = present.split(',').map((directive) => directive.trim());
  const own = directives.filter((directive) => directive !== '' && !offers.test(directive));
  wasOffered ||= directives.some((directive) => offers.test(directive));
  const isPrivate = own.some((directive) => /^(?:private|no-store)$/i.test(directive));
  const kept = (isPrivate ? own : ['private', ...own]).join(', ');
  if (kept !== present) head.set('cache-control', kept);
  return wasOffered;
}
