import { type Awaitable, after } from '../../crypto/index.ts';
import type { Backend, Refusal } from '../backend.ts';
import { type CommitContext, commitSealed } from './commit.ts';
import type { SealedFound } from './sealer.ts';

/** How far the clock of another server may be ahead of ours, in ms. */
const skew = 60_000;

/** Sessions sealed in their cookies. */
export function sealedBackend(context: CommitContext): Backend<SealedFound> {
  const { sealer, revoked } = context;
  return {
    find: (value, now) =>
      after(sealer.open(value, now), (opened): Awaitable<SealedFound | Refusal> => {
        if ('refused' in opened) return opened;
        const { selector, seenAt, idleAt } = opened.row;
        if (seenAt > now + skew) return { refused: 'session-from-future', selector };
        if (idleAt <= now) return { refused: 'session-expired', selector };
        return after(revoked.lately(selector, now), (over) =>
          over ? { refused: 'session-revoked', selector } : opened,
        );
      }),
    check: async (row, now) => (await revoked.ending(row, now)) ?? row,
    commit: (state, now) => commitSealed(context, state, now),
  };
}
