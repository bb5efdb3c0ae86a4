import {
  type SignInThrottle,
  type SignInThrottleOptions,
  signInThrottle,
  type ThrottleEvent,
} from 'hallpass/session';
import type { SessionStore } from 'hallpass/store';
import { type TestClock, testClock } from 'hallpass/testing';

export interface ThrottleFixture {
  clock: TestClock;
  events: ThrottleEvent[];
  throttle: SignInThrottle;
  /** `'tried'`, or the status of the refusal and its Retry-After. */
  attempt(user: string, address?: string): Promise<string>;
}

/** A throttle that lets three sign-ins of a user through, with a clock that stands still. */
export function throttled(
  store: SessionStore,
  options: Partial<SignInThrottleOptions> = {},
): ThrottleFixture {
  const clock = testClock(1_700_000_000_000);
  const events: ThrottleEvent[] = [];
  const perUser = { maxAttempts: 3, within: '15m' as const };
  const onEvent = (event: ThrottleEvent) => events.push(event);
  const throttle = signInThrottle({ store, clock, perUser, onEvent, ...options });
  const attempt = async (user: string, address?: string) => {
    try {
      await throttle.attempt({ user, address });
      return 'tried';
    } catch (error) {
      const { status, headers } = error as { status: number; headers: Record<string, string> };
      return `${status} ${headers['retry-after']}`;
    }
  };
  return { clock, events, throttle, attempt };
}
