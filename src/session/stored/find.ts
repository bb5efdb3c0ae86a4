import type { SessionRecord, SessionStore } from '../../store/contract.ts';
import type { Refusal } from '../backend.ts';
import type { Found } from '../state.ts';
import { parsePass, sessionVerifiers } from './pass.ts';

/** A row of the store, and how the visitor proved to be the one it belongs to. */
export interface StoredFound extends Found {
  readonly row: SessionRecord;
  readonly verifier: string;
  /** The present verifier, when the visitor came with the one before it. */
  readonly successor: string | undefined;
}

/**
 * One store read, none for a value of another form.
 * @param grace ms after a login or a rotation in which requests with the cookie from before may still come
 */
export async function findRow(
  store: SessionStore,
  value: string,
  now: number,
  grace: number,
): Promise<StoredFound | Refusal> {
  const pass = parsePass(value);
  if (pass === undefined) return { refused: 'session-malformed' };
  const { selector, verifier } = pass;
  const row = await store.read(selector, { now });
  if (row === undefined) return { refused: 'session-unknown', selector };
  const proof = await sessionVerifiers.prove(verifier, row, now);
  if (proof === undefined) {
    const late = now < Math.max((row.authenticatedAt ?? 0) + grace, row.prevUntil ?? 0);
    return { refused: 'session-wrong-verifier', selector, late };
  }
  return { row, verifier, successor: proof.successor };
}
