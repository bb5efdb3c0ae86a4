import { expectType } from '../errors/misuse.ts';
import type { StoredCookie } from '../scope/cookie-facts.ts';

/** A cookie that a format cannot say, and why. */
export interface LeftOut {
  readonly name: string;
  readonly domain: string;
  /** One sentence, without the value. */
  readonly why: string;
}

/** Parts cookies into those that a format can say and the rest. `why` gives the reason against one. */
export function leaveOut(
  jar: { all(): readonly StoredCookie[] },
  why: (cookie: StoredCookie) => string | undefined,
): { kept: StoredCookie[]; leftOut: LeftOut[] } {
  const kept: StoredCookie[] = [];
  const leftOut: LeftOut[] = [];
  expectType(jar?.all, 'function', 'What gives the cookies of the jar that is written, jar.all,');
  for (const cookie of jar.all()) {
    const reason = why(cookie);
    if (reason === undefined) kept.push(cookie);
    else leftOut.push({ name: cookie.name, domain: cookie.domain, why: reason });
  }
  return { kept, leftOut };
}
