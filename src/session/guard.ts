import { type Clock, systemClock } from '../time.ts';
import type { Report, StoreOperation } from './events.ts';
import { storeUnavailable } from './failures.ts';

/** Puts a time limit on a call. A call that fails or takes too long is one error, 503 `store-unavailable`, and one event. */
export type Guard = <Arguments extends unknown[], T>(
  operation: StoreOperation,
  call: (...given: Arguments) => Promise<T>,
) => (...given: Arguments) => Promise<T>;

/** @param timeout in ms */
export function guardWith(timeout: number, clock: Clock, report: Report): Guard {
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

  return (operation, call) =>
    async (...given) => {
      try {
        return await inTime(call(...given));
      } catch (cause) {
        report({ kind: 'store-failed', operation, cause });
        throw storeUnavailable(cause);
      }
    };
}
