import { setNewest } from '../errors/set-newest.ts';
import type { AccessFacts } from './access-facts.ts';
import type { PinnedKey } from './keys.ts';

/** An access token whose signature and claims were good, and how long they stay so. */
interface Verified {
  readonly by: PinnedKey;
  readonly facts: Omit<AccessFacts, 'claims'>;
  /** As JSON: what one request does to its claims, no other one sees. */
  readonly claims: string;
  /** From when until before when, in ms since 1970, nothing that is judged by the time changes. */
  readonly since: number;
  readonly until: number;
}

/** So many tokens are remembered, the newest, and none that is longer than a cookie may be. */
const mostTokens = 1_000;
const mostCharacters = 4_096;

/**
 * The access tokens that were verified last, so that a signature is computed once. Whether their key is still one of ours, whether
 * they have expired and whether they were ended is asked every time.
 */
export class VerifiedTokens {
  readonly #tokens = new Map<string, Verified>();

  /** The name of the key that verified this token. */
  keyOf(token: string): string | undefined {
    return this.#tokens.get(token)?.by.kid;
  }

  /** What the token says, when this key verified it and nothing has changed since. */
  factsOf(token: string, key: PinnedKey | undefined, now: number): AccessFacts | undefined {
    const known = this.#tokens.get(token);
    if (known === undefined || known.by.key !== key?.key || known.by.alg !== key.alg) return undefined;
    if (now < known.since || now >= known.until) return undefined;
    return { ...known.facts, claims: JSON.parse(known.claims) };
  }

  /** @param until before when, in ms since 1970, nothing that is judged by the time changes */
  add(token: string, by: PinnedKey, { claims, ...facts }: AccessFacts, since: number, until: number): void {
    if (token.length > mostCharacters) return;
    const verified = { by, facts, claims: JSON.stringify(claims), since, until };
    setNewest(this.#tokens, token, verified, mostTokens);
  }
}
