import type { StoredCookie } from '../scope/cookie-facts.ts';
import type { HopFacts } from '../scope/hop.ts';
import { release } from '../scope/release.ts';
import type { Verdict } from '../scope/verdict.ts';
import { byRetrieval, type JarCookie } from './buckets.ts';
import { toTextForm } from './text-form.ts';

/** A cookie, and whether and why it travels. */
export interface Selected {
  readonly cookie: StoredCookie;
  readonly verdict: Verdict;
}

/** A jar as it was at one moment. Costs a pointer until it is read. */
export interface JarSnapshot {
  /** Every cookie of that moment with its verdict, in the order of retrieval. Without a hop: a program's own request. */
  select(url: string | URL, hop?: HopFacts): Selected[];
}

export function selectFrom(cookies: Iterable<JarCookie>, hop: HopFacts): Selected[] {
  return [...cookies].sort(byRetrieval).map((record) => {
    const cookie = toTextForm(record);
    return { cookie, verdict: release(cookie, hop) };
  });
}
