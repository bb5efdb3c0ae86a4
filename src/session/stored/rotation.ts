import { sha256 } from '../../crypto/index.ts';
import type { SessionRecord, VerifierSwap } from '../../store/contract.ts';
import { newNonce, successor } from './pass.ts';

/** A change of verifier, before the store has agreed to it. */
export interface Rotation {
  readonly verifier: string;
  readonly swap: VerifierSwap;
}

export async function prepareRotation(
  verifier: string,
  row: SessionRecord,
  prevUntil: number,
): Promise<Rotation> {
  const nonce = newNonce();
  const next = await successor(verifier, nonce);
  return { verifier: next, swap: { from: row.hash, to: await sha256(next), nonce, prevUntil } };
}

/**
 * The verifier that the row has after our patch: ours, or the one of another request that rotated first. That one started
 * from the same verifier as we did, so it can be derived again. `undefined` when the row has moved on further.
 */
export async function presentVerifier(
  verifier: string,
  ours: Rotation,
  present: { hash: string; nonce: string | undefined },
): Promise<string | undefined> {
  if (present.hash === ours.swap.to) return ours.verifier;
  if (present.nonce === undefined) return undefined;
  const theirs = await successor(verifier, present.nonce);
  return (await sha256(theirs)) === present.hash ? theirs : undefined;
}
