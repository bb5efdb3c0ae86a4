import { expectType, HallpassError } from '../../errors.ts';
import { promised } from '../at-once.ts';
import type { RevocationList } from '../contract.ts';
import { lateness } from '../record.ts';
import { Deadlines } from './deadlines.ts';

/**
 * Revoked ids in this process's memory: gone when it ends, not shared with others. An id is forgotten once it would have
 * expired by itself, and never before: a full list takes no more.
 * @param options.maxIds ids that are kept, some 150 bytes each. Default: 250,000
 * @throws TypeError when `maxIds` is not a positive integer. `add` rejects with HallpassError `store-unavailable` when the list is full.
 *
 * @example
 * ```ts
 * import { generateKey, keyRing } from 'hallpass/seal';
 * import { createSessions } from 'hallpass/session';
 * import { memoryRevocations } from 'hallpass/stores/memory';
 *
 * const keys = keyRing(generateKey());
 * const sessions = createSessions({ sealed: { keys, revocations: memoryRevocations() } });
 * console.log((await sessions.open(null)).user); // → undefined
 * ```
 */
export function memoryRevocations(options: { maxIds?: number } = {}): RevocationList {
  expectType(options, 'object', 'The options of memoryRevocations(options)');
  const { maxIds = 250_000 } = options;
  if (!Number.isInteger(maxIds) || maxIds < 1) throw new TypeError('maxIds must be a positive integer.');
  const revoked = new Map<string, number>();
  /** Each id once; one that was added again with a later deadline comes up early, and is put back. */
  const deadlines = new Deadlines<string>();
  let latest = 0;

  const forget = (past: number) => {
    for (let due = deadlines.takeDue(past); due !== undefined; due = deadlines.takeDue(past)) {
      const until = revoked.get(due.value) ?? 0;
      if (until > past) deadlines.add(until, due.value);
      else revoked.delete(due.value);
    }
  };

  return {
    async add(id, until) {
      const known = revoked.get(id);
      if (known === undefined) {
        if (revoked.size >= maxIds) forget(latest - lateness);
        if (revoked.size >= maxIds) {
          throw new HallpassError(
            'store-unavailable',
            `The list of revocations in memory holds ${maxIds} ids, and none has expired: raise maxIds, or keep them in a database.`,
          );
        }
        deadlines.add(until, id);
      }
      revoked.set(id, Math.max(until, known ?? 0));
    },

    has: promised((id, now) => {
      latest = Math.max(latest, now);
      forget(now - lateness);
      return (revoked.get(id) ?? 0) > now;
    }),
  };
}
