import type { Awaitable } from '../crypto/index.ts';
import { safeCause } from '../errors/safe-cause.ts';
import { HttpError } from '../errors.ts';
import { isPromised } from '../time/is-promised.ts';
import { type Clock, systemClock } from '../time.ts';
import { atOnce } from './at-once.ts';
import type { SessionStore } from './contract.ts';

/**
 * Puts a time limit on a call. A call that fails or takes too long is one error, 503 `store-unavailable`, and one report.
 * What was there at once is given at once; a failure is always a promise that rejects.
 */
export interface TimeLimit<Operation extends string> extends Limited<Operation> {
  /** The same for calls that one commit makes one after another: they share the time of one call. @param since in ms. Default: now */
  together(since?: number): TimeLimit<Operation>;
}

type Limited<Operation extends string> = <Arguments extends unknown[], T>(
  operation: Operation,
  call: (...given: Arguments) => Awaitable<T>,
) => (...given: Arguments) => Awaitable<T>;

const retryAfter = '5';

/** 503 `store-unavailable`. */
export function unavailable(sentence: string, cause?: unknown): HttpError {
  return new HttpError('store-unavailable', 503, sentence, {
    cause,
    headers: { 'retry-after': retryAfter },
  });
}

/** @param timeout in ms @param failed told of every call that failed, and why @throws TypeError for a timeout of nothing */
export function withTimeLimit<Operation extends string>(
  timeout: number,
  clock: Clock,
  failed: (operation: Operation, cause: unknown) => void,
): TimeLimit<Operation> {
  if (timeout < 1) throw new TypeError("storeTimeout leaves the store no time: write '2s' or so.");
  const delay = clock.delay?.bind(clock) ?? systemClock.delay;

  const inTime = async <T>(work: PromiseLike<T>, left: number): Promise<T> => {
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
      const tooLate = delay?.(left, done.signal).then(() => {
        throw new Error(`No answer within ${timeout} ms.`);
      });
      return await Promise.race(tooLate === undefined ? [work] : [work, tooLate]);
    } finally {
      done.abort();
    }
  };

  const limit = (timeLeft: () => number): TimeLimit<Operation> => {
    const limited: Limited<Operation> = (operation, call) => {
      const refused = async (thrown: unknown): Promise<never> => {
        const cause = safeCause(thrown);
        failed(operation, cause);
        throw unavailable('The session store did not answer; try again in a moment.', cause);
      };
      return (...given) => {
        try {
          const left = timeLeft();
          if (left <= 0) throw new Error(`The calls before it took the ${timeout} ms of this commit.`);
          const answer = call(...given);
          return isPromised(answer) ? inTime(answer, left).catch(refused) : answer;
        } catch (cause) {
          return refused(cause);
        }
      };
    };
    const together = (since = clock.now()) => limit(() => Math.min(timeout, since + timeout - clock.now()));
    return Object.assign(limited, { together });
  };
  return limit(() => timeout);
}

/** The calls of a request: `sweep` and `serverTime` are nobody's. */
type StoreCall = Exclude<keyof SessionStore & string, 'sweep' | 'serverTime'>;

/** A call to what lies outside: the store, a list of revocations, or (of sessions only) another session library. */
export type StoreOperation = StoreCall | 'revocations.add' | 'revocations.has' | 'adopt' | 'discard';

/** Calls whose answers may be there at once. */
export type Timed<Calls> = {
  readonly [Name in keyof Calls]: Calls[Name] extends (...given: infer Given) => Promise<infer T>
    ? (...given: Given) => Awaitable<T>
    : never;
};

export interface TimedStore
  extends Timed<Required<Pick<SessionStore, StoreCall>>>,
    Pick<SessionStore, 'sweep'> {
  /** The same for calls that one commit makes one after another: they share the time of one call. @param since in ms. Default: now */
  together(since?: number): TimedStore;
}

/** How many rows a sweep removes where nobody says it. */
export const defaultSweepLimit = 10_000;

/** The store with a time limit on every call of a request. Its `sweep` rejects with a TypeError for a limit that is none. */
export function timedStore(store: SessionStore, limited: TimeLimit<StoreCall>): TimedStore {
  return {
    create: limited('create', (record, o) => store.create(record, o)),
    read: limited('read', (selector, o) => atOnce(store.read).call(store, selector, o)),
    readMany: limited(
      'readMany',
      (selectors, o) =>
        store.readMany?.(selectors, o) ?? Promise.all(selectors.map((selector) => store.read(selector, o))),
    ),
    patch: limited('patch', (selector, patch) => atOnce(store.patch).call(store, selector, patch)),
    touch: limited('touch', (selector, o) => atOnce(store.touch).call(store, selector, o)),
    revoke: limited('revoke', (selector, o) => store.revoke(selector, o)),
    enlist: limited('enlist', (userId, selector, o) => store.enlist(userId, selector, o)),
    listByUser: limited('listByUser', (userId, o) => store.listByUser(userId, o)),
    revokeByUser: limited('revokeByUser', (userId, o) => store.revokeByUser(userId, o)),
    together: (since) => timedStore(store, limited.together(since)),
    sweep: async (limit, o) => {
      if (Number.isInteger(limit) && limit > 0) return store.sweep(limit, o);
      throw new TypeError('sweep takes how many rows may go: a positive integer.');
    },
  };
}
