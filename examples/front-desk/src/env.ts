import type { Clock } from 'hallpass';
import type { Transport } from 'hallpass/client';
import type { HallpassEnv } from 'hallpass/hono';
import type { Panel } from 'hallpass/panel';
import type { KeyRing } from 'hallpass/seal';
import type { StoredSessions } from 'hallpass/session';
import type { startLab } from 'hallpass/testing/lab';
import type { Tokens } from 'hallpass/tokens';
import type { Context } from 'hono';
import type { Accounts } from './accounts/accounts.ts';
import type { KnownBrowsers } from './known-browser.ts';
import type { Throttle } from './throttle.ts';

/** What a session remembers besides who it belongs to. */
export interface SessionData {
  /** What this device calls its user. */
  nickname: string;
}

export type DeskSessions = StoredSessions<SessionData>;
export type DeskTokens = Tokens;
export type Lab = Awaited<ReturnType<typeof startLab>>;

/** Everything the desk works with; `main.ts` makes the real ones, tests make their own. */
export interface Desk {
  sessions: DeskSessions;
  /** For programs, which have no cookies. */
  tokens: DeskTokens;
  /** Slows down who guesses passwords. */
  throttle: Throttle;
  /** In which users signed in before: guesses elsewhere do not count against them. */
  browsers: KnownBrowsers;
  accounts: Accounts;
  /** Prove the tokens of forms. */
  keys: KeyRing;
  /** Shows a developer what happened, at /__hallpass. Default: nobody. */
  panel?: Panel | undefined;
  /** Outside production: says on the sign-in page who can be tried, and serves `/debug/cookies`. */
  demo: boolean;
  /** How addresses that users name are asked for a trace; `undefined` where that is not allowed. */
  ownTransport: Transport | undefined;
  /** What has been counted, as Prometheus reads it. */
  metrics(): string;
  /** Lets a scraper on another machine read it. */
  metricsToken: string | undefined;
  lab: Lab;
  /** The public origins of the desk, for the check of cross-site requests. */
  origins: string[];
  clock: Clock;
}

export type Env = HallpassEnv<DeskSessions, DeskTokens>;
export type DeskContext = Context<Env>;
