import { type Awaitable, after, equal, hmac, randomText, sha256 } from '../crypto/index.ts';
import type { SessionRecord, VerifierSwap } from './contract.ts';

/** A change of verifier, before the store has agreed to it. */
interface Rotation {
  readonly verifier: string;
  readonly swap: VerifierSwap;
}

/** How somebody proved to be the one whom a row belongs to. */
interface Verified {
  /** The present verifier, when it was the one before it that came. */
  readonly successor: string | undefined;
}

/** The verifiers of rows for one use, and how they follow one another. Those of another use prove nothing here. */
export interface Verifiers {
  /** What the row keeps of a verifier. */
  hash(verifier: string): Awaitable<string>;
  /** The present verifier proves the bearer, and inside the grace the one before it does. */
  verify(verifier: string, row: SessionRecord, now: number): Awaitable<Verified | undefined>;
  /** The verifier that follows this one, by the row's nonce. */
  successor(verifier: string, nonce: string): Awaitable<string>;
  /** A change to the verifier that follows. Whoever holds this one and the row's nonce can derive it, and nobody else. */
  prepareRotation(verifier: string, row: Pick<SessionRecord, 'hash'>, prevUntil: number): Promise<Rotation>;
  /**
   * The verifier that the row has after our patch: ours, or the one of another request that rotated first. That one started
   * from the same verifier as we did, so it can be derived again. `undefined` when the row has moved on further.
   */
  currentVerifier(
    verifier: string,
    ours: Rotation,
    present: { hash: string; nonce: string | undefined },
  ): Promise<string | undefined>;
}

const verifierBytes = 32;
const nonceBytes = 16;
const utf8 = new TextEncoder();

export const newVerifier = (): string => randomText(verifierBytes);

/** @param use goes into every hash: the purpose, and what the verifiers are bound to. No use is the beginning of another. */
export function verifiersFor(use: string): Verifiers {
  const hash = (verifier: string) => sha256(use + verifier);
  const successor = (verifier: string, nonce: string) => hmac(utf8.encode(use + verifier))(nonce);

  return {
    hash,
    successor,

    verify: (verifier, row, now) =>
      after(hash(verifier), (found) => {
        if (equal(found, row.hash)) return { successor: undefined };
        if (row.prev === undefined || row.nonce === undefined || !equal(found, row.prev)) return undefined;
        if (now >= (row.prevUntil ?? 0)) return undefined;
        return after(successor(verifier, row.nonce), (present) => ({ successor: present }));
      }),

    async prepareRotation(verifier, row, prevUntil) {
      const nonce = randomText(nonceBytes);
      const next = await successor(verifier, nonce);
      return { verifier: next, swap: { from: row.hash, to: await hash(next), nonce, prevUntil } };
    },

    async currentVerifier(verifier, ours, present) {
      if (present.hash === ours.swap.to) return ours.verifier;
      if (present.nonce === undefined) return undefined;
      const theirs = await successor(verifier, present.nonce);
      return (await hash(theirs)) === present.hash ? theirs : undefined;
    },
  };
}
