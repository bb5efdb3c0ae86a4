import type { StoredCookie } from '../scope/cookie-facts.ts';
import { rulesOf } from '../scope/engines.ts';
import type { HopFacts } from '../scope/hop.ts';
import { releaseCookie } from '../scope/release.ts';
import type { Verdict } from '../scope/verdict.ts';
import { type JarCookie, retrievalOrder } from './buckets.ts';
import { toTextForm } from './text-form.ts';

/** A cookie, and whether and why it travels. */
export interface Selected {
  readonly cookie: StoredCookie;
  readonly verdict: Verdict;
}

/** What a jar held for the site of one URL at one moment. Costs a pointer until it is read, and keeps nothing else of the jar. */
export interface JarSnapshot {
  /** Every cookie of the site with its verdict for that URL, in the order of retrieval. Without a hop: a program's own request. */
  select(hop?: HopFacts): Selected[];
  /** How many cookies of other sites there were. None of them can travel to that URL. */
  readonly otherCookies: number;
}

export function selectFrom(cookies: Iterable<JarCookie>, hop: HopFacts): Selected[] {
  return [...cookies].sort(retrievalOrder(rulesOf(hop.engine))).map((record) => {
    const cookie = toTextForm(record);
    return { cookie, verdict: releaseCookie(cookie, hop) };
  });
}
