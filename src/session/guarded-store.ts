import { HttpFacingError } from '../errors.ts';
import type { SessionStore } from '../store/contract.ts';
import { type Clock, systemClock } from '../time.ts';
import type { Report } from './events.ts';

const retryAfter = '5';

/**
 * The store with a time limit on every call of a request. A call that fails or takes too long is one error,
 * HttpFacingError 503 `store-unavailable`, and one event.
 */
export function guardedStore(
  store: SessionStore,
  timeout: number,
  clock: Clock,
  report: Report,
): SessionStore {
  const delay = clock.delay?.bind(clock) ?? systemClock.delay;

  const inTime = async <T>(work: Promise<T>): Promise<T> => {
    // A store in this process has answered already, and needs no timer.
    let settled = false;
    const settle = () => {
      settled = true;
    };
    work.then(settle, settle);
    await undefined;
    if (settled) return await work;
    const done = new AbortController();
    try {
      const tooLate = delay?.(timeout, done.signal).then(() => {
        throw new Error(`No answer within ${timeout} ms.`);
      });
      return await Promise.race(tooLate === undefined ? [work] : [work, tooLate]);
    } finally {
      done.abort();
    }
  };

  const guard =
    <Arguments extends unknown[], T>(operation: string, call: (...given: Arguments) => Promise<T>) =>
    async (...given: Arguments): Promise<T> => {
      try {
        return await inTime(call(...given));
      } catch (cause) {
        report({ kind: 'store-failed', operation, cause });
        throw new HttpFacingError(
          'store-unavailable',
          503,
          'The session store did not answer; try again in a moment.',
          { cause, headers: { 'retry-after': retryAfter } },
        );
      }
    };

  return {
    create: guard('create', (record, o) => store.create(record, o)),
    read: guard('read', (selector, o) => store.read(selector, o)),
    patch: guard('patch', (selector, patch) => store.patch(selector, patch)),
    touch: guard('touch', (selector, o) => store.touch(selector, o)),
    revoke: guard('revoke', (selector, o) => store.revoke(selector, o)),
    enlist: guard('enlist', (userId, selector, o) => store.enlist(userId, selector, o)),
    listByUser: guard('listByUser', (userId, o) => store.listByUser(userId, o)),
    revokeByUser: guard('revokeByUser', (userId, o) => store.revokeByUser(userId, o)),
    sweep: (limit, o) => store.sweep(limit, o),
  };
}
