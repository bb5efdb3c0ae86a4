import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Awaitable } from '../crypto/index.ts';
import { type StoreOperation, type TimeLimit, withTimeLimit } from '../store/time-limit.ts';
import { type Clock, clockOf, timeoutToMilliseconds } from '../time.ts';
import { AnomalyDetector } from './anomalies.ts';
import { ClockWatch } from './clock-watch.ts';
import { type Report, reporter } from './events.ts';
import { LaterWork } from './later-work.ts';
import { type Lifetimes, lifetimes } from './lifetime.ts';
import type { CommonOptions } from './options.ts';
import { type SessionCookie, sessionCookie } from './session-cookie.ts';
import type { Adopted, NotAdopted } from './types.ts';
import { Views } from './views.ts';

type Adopt = (
  readCookie: (name: string) => string | undefined,
  now: number,
) => Awaitable<Adopted | NotAdopted | undefined>;

/** The options that both kinds of sessions take, checked and ready for use. */
export interface Settings {
  readonly clock: Clock;
  readonly cookie: SessionCookie;
  readonly lifetimes: Lifetimes;
  readonly report: Report;
  readonly anomalies: AnomalyDetector | undefined;
  readonly clockWatch: ClockWatch | undefined;
  /** How long a call to the store may take, and all calls of one commit, in ms. */
  readonly storeTimeout: number;
  /** A call that fails or takes too long is one error, 503 `store-unavailable`, and one event. */
  readonly timeLimit: TimeLimit<StoreOperation>;
  readonly views: Views;
  readonly schema: StandardSchemaV1 | undefined;
  readonly adopt: Adopt | undefined;
  /** What waits until no request can be under way any more that came with a session of another library. */
  readonly afterGrace: LaterWork;
  readonly onStoreFailure: 'refuse' | 'anonymous';
}

/** @throws TypeError for an option that cannot be meant; the sentence says the fix. */
export function settingsOf<Data extends object>(options: CommonOptions<Data>): Settings {
  const { schema, onStoreFailure = 'refuse' } = options;
  const clock = clockOf(options.clock);
  const report = reporter(options.onEvent?.bind(options), clock);
  const storeTimeout = timeoutToMilliseconds(options.storeTimeout ?? '2s');
  const timeLimit = withTimeLimit(storeTimeout, clock, (operation: StoreOperation, cause) =>
    report({ type: 'store-failed', operation, cause }),
  );
  const adopt = options.adopt?.bind(options);
  const lives = lifetimes(options);
  return {
    clock,
    cookie: sessionCookie(options.cookie),
    lifetimes: lives,
    report,
    anomalies: options.onEvent === undefined ? undefined : new AnomalyDetector(report),
    clockWatch: options.onEvent === undefined ? undefined : new ClockWatch(clock, report),
    storeTimeout,
    timeLimit,
    views: new Views(),
    schema,
    adopt: adopt && timeLimit('adopt', async (readCookie, now) => adopt(readCookie, now)),
    afterGrace: new LaterWork(clock, lives.rotationGrace),
    onStoreFailure,
  };
}

/** The time in ms since 1970; a clock that jumps is reported. */
export function nowOf({ clock, clockWatch }: Settings): number {
  const now = Math.trunc(clock.now());
  clockWatch?.look(now);
  return now;
}
