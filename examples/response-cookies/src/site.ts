import type { Clock } from 'hallpass';
import type { HallpassEnv } from 'hallpass/hono';
import { createSessions, type StoredSessions } from 'hallpass/session';
import type { SessionStore } from 'hallpass/store';
import type { Context } from 'hono';

/** What the site works with; `main.ts` makes the real ones, tests make their own. */
export interface Site {
  /** Of the article's example: half an hour, on both ends. */
  readonly sessions: StoredSessions;
  /** Of the "remember me" exercise. */
  readonly members: StoredSessions;
  /** The public origins, for the check of cross-site requests. */
  readonly origins: readonly string[];
  readonly clock: Clock;
}

export type SiteEnv = HallpassEnv<StoredSessions>;
export type SiteContext = Context<SiteEnv>;

/** @param stores one for each kind of session, so that neither cookie opens the other's */
export function createSite(
  stores: { sessions: SessionStore; members: SessionStore },
  origins: readonly string[],
  clock: Clock = Date,
): Site {
  return {
    sessions: createSessions({
      store: stores.sessions,
      cookie: { name: '__Host-session_id' },
      // Every login of the article has Max-Age=1800; the server ends the session at the same instant.
      remember: '30m',
      clock,
    }),
    members: createSessions({
      store: stores.members,
      cookie: { name: '__Host-member' },
      idle: '1h',
      absolute: '12h',
      remember: '30d',
      clock,
    }),
    origins,
    clock,
  };
}
