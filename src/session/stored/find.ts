import { type Awaitable, after } from '../../crypto/index.ts';
import type { SessionRecord } from '../../store/contract.ts';
import { isLive } from '../../store/record.ts';
import type { Refusal } from '../backend.ts';
import type { LoadedSession } from '../request-session.ts';
import type { StoredContext } from './patch.ts';
import { parseSessionToken } from './session-token.ts';

/** A row of the store, and how the visitor proved to be the one it belongs to. */
export interface StoredSession extends LoadedSession {
  readonly row: SessionRecord;
  readonly verifier: string;
  /** The present verifier, when the visitor came with the one before it. */
  readonly successor: string | undefined;
}

/** One store read, none for a value of another form. */
export function findRow(
  { store, verifiers, lifetimes }: Pick<StoredContext, 'store' | 'verifiers' | 'lifetimes'>,
  value: string,
  now: number,
): Awaitable<StoredSession | Refusal> {
  const token = parseSessionToken(value);
  if (token === undefined) return { refused: 'session-malformed' };
  const { selector, verifier } = token;
  return after(store.read(selector, { now }), (row): Awaitable<StoredSession | Refusal> => {
    if (row === undefined) return { refused: 'session-unknown', selector };
    if (!isLive(row)) return { refused: `session-${row}`, selector };
    return after(verifiers.verify(verifier, row, now), (proof): StoredSession | Refusal => {
      if (proof !== undefined) return { row, verifier, successor: proof.successor };
      // Requests with the cookie from before a login or a rotation may still come.
      const late = now < Math.max((row.authenticatedAt ?? 0) + lifetimes.rotationGrace, row.prevUntil ?? 0);
      return { refused: 'session-wrong-verifier', selector, late };
    });
  });
}
