import type { Clock } from 'hallpass';
import type { HallpassEnv } from 'hallpass/hono';
import type { KeyRing } from 'hallpass/seal';
import type { SignInThrottle, StoredSessions } from 'hallpass/session';
import type { startLab } from 'hallpass/testing/lab';
import type { Context } from 'hono';
import type { Accounts } from './accounts/accounts.ts';

/** What a session remembers besides who it belongs to. */
export interface SessionData {
  /** What this device calls its user. */
  nickname: string;
}

export type DeskSessions = StoredSessions<SessionData>;
export type Lab = Awaited<ReturnType<typeof startLab>>;

/** Everything the desk works with; `main.ts` makes the real ones, tests make their own. */
export interface Desk {
  sessions: DeskSessions;
  /** Slows down who guesses passwords. */
  throttle: SignInThrottle;
  accounts: Accounts;
  /** Prove the tokens of forms. */
  keys: KeyRing;
  /** Says on the sign-in page who can be tried. */
  demo: boolean;
  lab: Lab;
  /** The public origins of the desk, for the check of cross-site requests. */
  origins: string[];
  clock: Clock;
}

export type Env = HallpassEnv<DeskSessions>;
export type DeskContext = Context<Env>;
