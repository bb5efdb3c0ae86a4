import type { ResponseHead } from './exchange.ts';

/** Headers that only shared caches obey, whatever Cache-Control says. RFC 9213. */
const sharedOnly = ['cdn-cache-control', 'surrogate-control'];

/**
 * Keeps an answer that is one visitor's from shared caches: `private, no-store` where the handler said nothing, and what it
 * said without `public` and `s-maxage` otherwise. RFC 9111 §7.3.
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
  const own = directives.filter((directive) => !/^(?:public|s-maxage\s*=.*)$/i.test(directive));
  if (own.length === directives.length) return wasOffered;
  const isPrivate = own.some((directive) => /^(?:private|no-store)$/i.test(directive));
  head.set('cache-control', (isPrivate ? own : ['private', ...own]).join(', '));
  return true;
}
