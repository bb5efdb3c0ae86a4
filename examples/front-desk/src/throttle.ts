import { type Attempt, type SignInThrottleOptions, signInThrottle } from 'hallpass/session';

/** What visitors are slowed down at. */
type Purpose = 'password' | 'known-browser' | 'step-up' | 'passkey' | 'sign-up' | 'trace';

/** Slows down who does the same thing again and again. */
export interface Throttle {
  /** @param by whose attempts are counted together: a user name as it was typed, a browser, a session or an address @throws HttpError 429 `too-many-attempts` */
  attempt(purpose: Purpose, by: { user: string; address?: string | null | undefined }): Promise<Attempt>;
}

/** Ten attempts in a quarter of an hour at each purpose. It stands before the name, so no name that somebody types is counted at another one. */
export function createThrottle(options: SignInThrottleOptions): Throttle {
  const throttle = signInThrottle(options);
  return {
    attempt: (purpose, { user, address }) => throttle.attempt({ user: `${purpose} ${user}`, address }),
  };
}
