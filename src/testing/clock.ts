import { aSignal } from '../errors/kinds.ts';
import { expectType } from '../errors/misuse.ts';
import { type Clock, type Duration, instantOf, toMilliseconds } from '../time.ts';

/** A clock that stands still until a test moves it. */
export interface TestClock extends Clock {
  /** Moves the clock forward and ends every delay that has become due, the earliest first. */
  advance(by: Duration): void;
  delay(ms: number, signal?: AbortSignal): Promise<void>;
}

interface Waiting {
  readonly due: number;
  readonly end: () => void;
}

/**
 * A clock for tests. Its `delay` never really waits: it ends when the clock is advanced past it.
 * @param start milliseconds since 1970, or a Date; the present when left out.
 * @throws TypeError when `start` is not an instant.
 *
 * @example
 * ```ts
 * import { testClock } from 'hallpass/testing';
 *
 * const clock = testClock(0);
 * const alarm = clock.delay(60_000).then(() => 'a minute later');
 * clock.advance('1m');
 * console.log(clock.now(), await alarm); // → 60000 a minute later
 * ```
 */
export function testClock(start: number | Date = Date.now()): TestClock {
  let now = instantOf(start);
  if (!Number.isFinite(now))
    throw new TypeError('start is no instant: give milliseconds since 1970, or a Date.');
  const waiting = new Set<Waiting>();

  return {
    now: () => now,

    advance(by) {
      now += toMilliseconds(by);
      const due = [...waiting].filter((one) => one.due <= now).sort((one, other) => one.due - other.due);
      for (const one of due) one.end();
    },

    delay: (ms, signal) =>
      new Promise((resolve, reject) => {
        expectType(ms, 'number', 'The time of clock.delay(ms, signal)');
        if (signal !== undefined) aSignal(signal, 'clock.delay(ms, signal)', 'signal');
        signal?.throwIfAborted();
        if (!(ms > 0)) return resolve();
        const leave = () => {
          waiting.delete(one);
          signal?.removeEventListener('abort', abort);
        };
        const abort = () => {
          leave();
          reject(signal?.reason);
        };
        const one: Waiting = {
          due: now + ms,
          end() {
            leave();
            resolve();
          },
        };
        waiting.add(one);
        signal?.addEventListener('abort', abort, { once: true });
      }),
  };
}
