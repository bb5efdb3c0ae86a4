import { after, equal, sha256 } from '../../crypto/index.ts';
import type { SessionRecord, SessionStore } from '../../store/contract.ts';
import type { Refusal } from '../backend.ts';
import type { Found } from '../state.ts';
import { parsePass, successor } from './pass.ts';

/** A row of the store, and how the visitor proved to be the one it belongs to. */
export interface StoredFound extends Found {
  readonly row: SessionRecord;
  readonly verifier: string;
  /** The present verifier, when the visitor came with the one before it. */
  readonly successor: string | undefined;
}

/** One store read, none for a value of another form. */
export async function findRow(
  store: SessionStore,
  value: string,
  now: number,
): Promise<StoredFound | Refusal> {
  const pass = parsePass(value);
  if (pass === undefined) return { refused: 'session-malformed' };
  const { selector, verifier } = pass;
  const row = await store.read(selector, { now });
  if (row === undefined) return { refused: 'session-unknown', selector };
  const proof = await prove(verifier, row, now);
  if (proof === undefined) return { refused: 'session-wrong-verifier', selector };
  return { row, verifier, successor: proof.successor };
}

/** The present verifier proves the visitor, and inside the grace the one before it does. */
function prove(verifier: string, row: SessionRecord, now: number) {
  return after(sha256(verifier), (hash) => {
    if (equal(hash, row.hash)) return { successor: undefined };
    if (row.prev === undefined || row.nonce === undefined || !equal(hash, row.prev)) return undefined;
    if (now >= (row.prevUntil ?? 0)) return undefined;
    return after(successor(verifier, row.nonce), (present) => ({ successor: present }));
  });
}
