import type { CookiePair } from '../../cookie/header.ts';
import { type Awaitable, after } from '../../crypto/index.ts';
import type { SessionRecord } from '../../store/contract.ts';
import { isLive } from '../../store/record.ts';
import type { Verifiers } from '../../store/verifier.ts';
import type { Refusal } from '../backend.ts';
import type { LoadedSession } from '../request-session.ts';
import type { StoredContext } from './patch.ts';
import { parseSessionToken } from './session-token.ts';

/** How the visitor proved to be the one a row belongs to. */
interface Proof {
  readonly verifier: string;
  /** The present verifier, when the visitor came with the one before it. */
  readonly successor: string | undefined;
  readonly isFormer?: boolean;
}

/** A row of the store, and how the visitor proved to be the one it belongs to. */
export interface StoredSession extends LoadedSession, Proof {
  readonly row: SessionRecord;
}

/** One store read, none for a value of another form. @param read how the row is read, where it is not read alone */
export function findRow(
  context: Pick<StoredContext, 'store' | 'verifiers' | 'formerVerifiers' | 'everything' | 'lifetimes'>,
  { name, value }: CookiePair,
  now: number,
  read: (selector: string) => ReturnType<StoredContext['store']['read']> = (selector) =>
    context.store.read(selector, { now }),
): Awaitable<StoredSession | Refusal> {
  const { verifiers, formerVerifiers, everything, lifetimes } = context;
  const token = parseSessionToken(value);
  if (token === undefined) return { refused: 'session-malformed' };
  const { selector, verifier } = token;
  const former = formerVerifiers.get(name);
  return after(read(selector), (row): Awaitable<StoredSession | Refusal> => {
    if (row === undefined) return { refused: 'session-unknown', selector };
    if (!isLive(row)) return { refused: `session-${row}`, selector };
    const proving =
      former === undefined
        ? verifiers.verify(verifier, row, now)
        : verifyFormer(verifiers, former, verifier, row, now);
    return after(proving, (proof): Awaitable<StoredSession | Refusal> => {
      if (proof !== undefined) {
        const ending = everything.hasEnded(row, now);
        if (ending === false) return foundBy(row, verifier, proof);
        return after(ending, (ended) =>
          ended ? { refused: 'session-revoked', selector } : foundBy(row, verifier, proof),
        );
      }
      // Requests with the cookie from before a login or a rotation may still come.
      const late = now < Math.max((row.authenticatedAt ?? 0) + lifetimes.rotationGrace, row.prevUntil ?? 0);
      return { refused: 'session-wrong-verifier', selector, late };
    });
  });
}

/** @param came the verifier that came, where the proof names no other */
function foundBy(
  row: SessionRecord,
  came: string,
  { verifier = came, successor, isFormer }: Partial<Proof>,
): StoredSession {
  return { row, verifier, successor, isFormer };
}

/**
 * Who comes under a former name proves it under that name. Where another request has given out the cookie of the present
 * name meanwhile, its verifier follows from the one that came here.
 */
async function verifyFormer(
  present: Verifiers,
  former: Verifiers,
  verifier: string,
  row: SessionRecord,
  now: number,
): Promise<Proof | undefined> {
  const proof = await former.verify(verifier, row, now);
  if (proof === undefined) return undefined;
  const { successor } = proof;
  if (successor === undefined) return { verifier, successor, isFormer: true };
  if ((await former.hash(successor)) === row.hash) {
    return { verifier: successor, successor: undefined, isFormer: true };
  }
  const given = await present.successor(verifier, row.nonce ?? '');
  return (await present.hash(given)) === row.hash ? { verifier, successor: given } : undefined;
}
