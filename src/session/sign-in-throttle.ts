import { aClock, aStore } from '../errors/kinds.ts';
import { checkOptions, optionsOf, type Shape } from '../errors/misuse.ts';
import { HttpError } from '../errors.ts';
import type { SessionStore } from '../store/contract.ts';
import { reporter } from '../store/report.ts';
import { type StoreOperation, timedStore, withTimeLimit } from '../store/time-limit.ts';
import { checkedUser } from '../store/user-id.ts';
import {
  type Clock,
  clockOf,
  type Duration,
  lifetimeToMilliseconds,
  timeoutToMilliseconds,
} from '../time.ts';
import { AttemptCounter } from './attempt-counter.ts';
import { networkOf } from './network.ts';
import { Turns } from './stored/turns.ts';

/** So many attempts at once, after which one more comes free each `within / maxAttempts`. */
export interface AttemptLimit {
  maxAttempts: number;
  within: Duration;
}

/** Something that a throttle refused, or could not count. */
export type ThrottleEvent = {
  /** Milliseconds since 1970. */
  readonly at: number;
} & (
  | {
      readonly type: 'throttled';
      readonly by: 'user' | 'address';
      /** Milliseconds until one more attempt comes free. */
      readonly retryAfter: number;
    }
  | { readonly type: 'store-failed'; readonly operation: StoreOperation; readonly cause: unknown }
);

/** How many sign-ins are let through. */
export interface SignInThrottleOptions {
  /** Where attempts are counted: the store of the sessions, shared by all processes. */
  store: SessionStore;
  /** For one user, from wherever. Default: 10 within `'15m'`. */
  perUser?: AttemptLimit;
  /** For one address, IPv6 by its /64. Default: 100 within `'15m'`. */
  perAddress?: AttemptLimit;
  /** How long an attempt waits for the store, at each call. Default: `'2s'`. */
  storeTimeout?: Duration;
  /** Receives what was refused. It may throw; nothing breaks. Default: nobody does. */
  onEvent?: (event: ThrottleEvent) => void;
  /** What time it is. Default: the system's clock. */
  clock?: Clock;
}

const limitShape: Shape<AttemptLimit> = { maxAttempts: 'any', within: 'string|number' };

/** Of a store it asks itself, for it has to be there. */
const throttleShape: Shape<SignInThrottleOptions> = {
  store: 'any',
  perUser: optionsOf(limitShape),
  perAddress: optionsOf(limitShape),
  storeTimeout: 'string|number',
  onEvent: 'function',
  clock: aClock,
};

const attemptShape: Shape<Parameters<SignInThrottle['attempt']>[0]> = { user: 'any', address: 'string|null' };

/** A sign-in that may be tried. */
export interface Attempt {
  /** The password was right: attempts at this user count from the beginning again. */
  succeeded(): Promise<void>;
}

/** Counts sign-ins. */
export interface SignInThrottle {
  /**
   * Counts a sign-in before the password is looked at, so that guesses at once count too. As many calls of the store for a
   * user that there is as for one that there is not.
   * @param by the user's name as accounts are looked up by it (in lower case, where upper case makes no other account), and the
   * visitor's IP address where it is known
   * @throws TypeError for an address that is none
   * @throws HttpError 429 `too-many-attempts` with Retry-After, 503 `store-unavailable`
   */
  attempt(by: { user: string; address?: string | null | undefined }): Promise<Attempt>;
}

/**
 * Slows down who guesses passwords: per user and per address, in the store of the sessions. Each attempt is a read and a
 * conditional write for each of the two, in any process. One more attempt comes free each `within / maxAttempts`; a guesser
 * who goes on takes each of them, and the user is refused for as long: count a browser or a session that is known under a name
 * of its own.
 * @throws TypeError for a limit that cannot be meant
 *
 * @example
 * ```ts
 * import { signInThrottle } from 'hallpass/session';
 * import { memoryStore } from 'hallpass/stores/memory';
 *
 * const throttle = signInThrottle({ store: memoryStore(), perUser: { maxAttempts: 3, within: '15m' } });
 * const guess = () => throttle.attempt({ user: 'ada', address: '203.0.113.7' });
 * for (let count = 0; count < 3; count += 1) await guess();
 * const refused = await guess().catch((error) => error);
 * console.log(refused.status, refused.code, refused.headers['retry-after']); // → 429 too-many-attempts 300
 * ```
 */
export function signInThrottle(options: SignInThrottleOptions): SignInThrottle {
  const { perUser, perAddress } = options ?? {};
  if (options !== undefined) checkOptions(options, throttleShape, 'signInThrottle');
  if (options?.store === undefined) {
    throw new TypeError('signInThrottle needs the store of the sessions, for example sqliteStore(path).');
  }
  aStore(options.store, 'signInThrottle', 'store');
  const clock = clockOf(options.clock);
  const report = reporter<object, 'session'>(options.onEvent?.bind(options) as never, clock, 'session');
  const timeout = timeoutToMilliseconds(options.storeTimeout ?? '2s');
  const limited = withTimeLimit<StoreOperation>(timeout, clock, (operation, cause) =>
    report({ type: 'store-failed', operation, cause }),
  );
  const store = timedStore(options.store, limited);
  const turns = new Turns(clock, timeout);
  const users = new AttemptCounter(
    store,
    'user',
    limitOf('perUser', perUser ?? { maxAttempts: 10, within: '15m' }),
    turns,
  );
  const addresses = new AttemptCounter(
    store,
    'address',
    limitOf('perAddress', perAddress ?? { maxAttempts: 100, within: '15m' }),
    turns,
  );

  const count = async (counter: AttemptCounter, by: 'user' | 'address', name: string, now: number) => {
    const retryAfter = await counter.count(name, now);
    if (retryAfter === 0) return;
    report({ type: 'throttled', by, retryAfter });
    const seconds = String(Math.ceil(retryAfter / 1_000));
    throw new HttpError('too-many-attempts', 429, `Too many sign-ins were tried: wait ${seconds} seconds.`, {
      headers: { 'retry-after': seconds },
    });
  };

  return {
    async attempt(by) {
      if (by === undefined)
        throw new TypeError('throttle.attempt needs whose sign-in it is: { user, address }.');
      checkOptions(by, attemptShape, 'throttle.attempt');
      const { user, address } = by;
      const name = checkedName(user);
      const network = typeof address === 'string' ? checkedNetwork(address) : undefined;
      const now = Math.trunc(clock.now());
      if (network !== undefined) await count(addresses, 'address', network, now);
      await count(users, 'user', name, now);
      return { succeeded: () => users.forget(name, Math.trunc(clock.now())) };
    },
  };
}

/** Or each text that is no address would have attempts of its own. */
function checkedNetwork(address: string): string {
  const network = networkOf(address);
  if (network !== undefined) return network;
  throw new TypeError(
    'The address of throttle.attempt is one IP address, as context.address is: leave it out where it is not known.',
  );
}

/** Whatever somebody typed may be counted. */
function checkedName(user: unknown): string {
  if (typeof user === 'string') return user.toWellFormed();
  return checkedUser(user, 'attempt');
}

const longestWithin = 366 * 86_400_000;

function limitOf(
  option: string,
  { maxAttempts, within }: AttemptLimit,
): { maxAttempts: number; within: number } {
  const ms = Math.round(lifetimeToMilliseconds(within));
  if (ms > longestWithin) throw new TypeError(`${option}.within is over a year: nobody waits so long.`);
  if (Number.isInteger(maxAttempts) && maxAttempts > 0 && ms >= maxAttempts)
    return { maxAttempts, within: ms };
  throw new TypeError(`${option} is a number of attempts and a time, as { maxAttempts: 10, within: '15m' }.`);
}
