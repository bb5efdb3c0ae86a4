import type { Backend, Refusal } from '../backend.ts';
import { type CommitContext, commitSealed } from './commit.ts';
import type { SealedFound } from './sealer.ts';

/** How far the clock of another server may be ahead of ours, in ms. */
const skew = 60_000;

/** Sessions sealed in their cookies. */
export function sealedBackend(context: CommitContext): Backend<SealedFound> {
  const { sealer, revoked } = context;
  return {
    async find(value, now): Promise<SealedFound | Refusal> {
      const opened = await sealer.open(value, now);
      if ('refused' in opened) return opened;
      const { selector, seenAt, idleAt } = opened.row;
      if (seenAt > now + skew) return { refused: 'session-from-future', selector };
      if (idleAt <= now) return { refused: 'session-expired', selector };
      if (await revoked.lately(selector, now)) return { refused: 'session-revoked', selector };
      return opened;
    },
    async check(row, now) {
      if (row.idleAt <= now) return 'expired';
      return (await revoked.has(row.selector, now)) ? 'revoked' : row;
    },
    commit: (state, now) => commitSealed(context, state, now),
  };
}
