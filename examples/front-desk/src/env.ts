import type { Clock } from 'hallpass';
import type { HallpassEnv } from 'hallpass/hono';
import type { SignInThrottle, StoredSessions } from 'hallpass/session';
import type { startLab } from 'hallpass/testing/lab';
import type { Context } from 'hono';
import type { Users } from './users.ts';

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
  users: Users;
  lab: Lab;
  /** The public origins of the desk, for the check of cross-site requests. */
  origins: string[];
  clock: Clock;
}

export type Env = HallpassEnv<DeskSessions>;
export type DeskContext = Context<Env>;
