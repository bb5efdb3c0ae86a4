import type { SessionRecord } from '../../store/contract.ts';
import { newVerifier } from '../../store/verifier.ts';
import type { Foreign } from '../foreign.ts';
import type { StoredContext } from './patch.ts';

/**
 * The verifier of a session that there was not before, and what its row keeps of it. One that takes over a session of
 * another library is made as if the old id had been its verifier until now: who comes with that inside the grace is given
 * the same successor.
 */
export async function firstVerifier(
  { verifiers, lifetimes }: Pick<StoredContext, 'verifiers' | 'lifetimes'>,
  adopting: Foreign | undefined,
  now: number,
): Promise<{ verifier: string } & Pick<SessionRecord, 'hash' | 'prev' | 'prevUntil' | 'nonce'>> {
  const old = adopting?.verifier;
  if (old === undefined) {
    const verifier = newVerifier();
    return { verifier, hash: await verifiers.hash(verifier) };
  }
  const from = { hash: await verifiers.hash(old) };
  const { verifier, swap } = await verifiers.prepareRotation(old, from, now + lifetimes.rotationGrace);
  return { verifier, hash: swap.to, prev: swap.from, prevUntil: swap.prevUntil, nonce: swap.nonce };
}
