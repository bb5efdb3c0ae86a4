import { type Awaitable, after } from '../../crypto/index.ts';
import { HttpError } from '../../errors.ts';
import type { LoginSwap, PatchResult, SessionRecord, VerifierSwap } from '../../store/contract.ts';
import type { Everything } from '../../store/everything.ts';
import type { TimedStore } from '../../store/time-limit.ts';
import type { Verifiers } from '../../store/verifier.ts';
import type { Report } from '../events.ts';
import type { Lifetimes } from '../lifetime.ts';
import type { RequestSession } from '../request-session.ts';
import type { Changes, Conflict } from '../values.ts';
import type { MaxPerUser } from './max-per-user.ts';
import type { Turns } from './turns.ts';

/** What stored sessions work with. */
export interface StoredContext {
  readonly store: TimedStore;
  readonly verifiers: Verifiers;
  /** By the names that the cookie had before. */
  readonly formerVerifiers: ReadonlyMap<string, Verifiers>;
  readonly everything: Everything;
  readonly lifetimes: Lifetimes;
  readonly conflictOf: (key: string) => Conflict;
  readonly maxPerUser: MaxPerUser | undefined;
  /** Of requests of this process that write one session and met another. */
  readonly turns: Turns;
  readonly report: Report;
}

type Settled = Exclude<PatchResult, { conflict: unknown }>;
export type Gone = Extract<PatchResult, { gone: unknown }>['gone'];

/** Each round that ends in a conflict means that another request got its write through. */
const mostRounds = 32;

/** One conditional patch; where another request wrote a key first, what it wrote is taken in and the patch runs again. */
export function patch(
  context: StoredContext,
  { values, quiet }: RequestSession,
  row: SessionRecord,
  now: number,
  swap: { verifier?: VerifierSwap; login?: LoginSwap },
  changes: Changes,
): Awaitable<Settled> {
  const { conflictOf, everything, report, turns } = context;
  const { selector, gen } = row;
  const attempt = (round: number, store: TimedStore, changes: Changes): Awaitable<Settled> => {
    if (round === mostRounds) throw crowded();
    return after(
      store.patch(selector, { gen, now, ...changes, ...swap, ...(quiet && { quiet }) }),
      (result) => {
        if (!('conflict' in result)) return result;
        return after(values.settle(result.conflict, conflictOf), (settled) => {
          for (const conflict of settled) report({ type: 'conflict', ...conflict }, selector);
          const lost = settled.find(({ outcome }) => outcome === 'rejected');
          if (lost !== undefined)
            throw conflicted(
              `Another request changed ${JSON.stringify(lost.key)} of this session first; load it again.`,
            );
          if (round > 0) return attempt(round + 1, store, values.changes());
          // Of many that met, all at once would meet again, and each time one would get through.
          const together = store.together(now);
          return turns.take(selector, () => attempt(1, together, values.changes()), crowded);
        });
      },
    );
  };
  // It may have ended with everything else since it was opened, and no store knows of that.
  return after(
    everything.hasEnded(row, now),
    (ended): Awaitable<Settled> => (ended ? { gone: 'revoked' } : attempt(0, context.store, changes)),
  );
}

const crowded = () => conflicted('Too many requests write this session at once; try again.');

function conflicted(sentence: string): HttpError {
  return new HttpError('session-conflict', 409, sentence);
}
