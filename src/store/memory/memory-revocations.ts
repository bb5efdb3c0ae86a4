import { promised } from '../at-once.ts';
import type { RevocationList } from '../contract.ts';
import { lateness } from '../record.ts';
import { Deadlines } from './deadlines.ts';

/**
 * Revoked ids in this process's memory. An id is forgotten once it would have expired by itself.
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
export function memoryRevocations(): RevocationList {
  const revoked = new Map<string, number>();
  const deadlines = new Deadlines<string>();

  return {
    async add(id, until) {
      revoked.set(id, Math.max(until, revoked.get(id) ?? 0));
      deadlines.add(until, id);
    },

    has: promised((id, now) => {
      const past = now - lateness;
      for (let due = deadlines.takeDue(past); due !== undefined; due = deadlines.takeDue(past)) {
        if ((revoked.get(due.value) ?? 0) <= past) revoked.delete(due.value);
      }
      return (revoked.get(id) ?? 0) > now;
    }),
  };
}
