import type { Awaitable } from '../crypto/index.ts';
import type { ReasonCode } from '../scope/verdict.ts';
import type { LoadedSession, Login, RequestSession, SessionFacts } from './request-session.ts';
import type { CookieChange } from './session-cookie.ts';
import type { Changes } from './values.ts';

/** Why the value of a session cookie stands for nobody, and which session it named. */
export interface Refusal {
  readonly refused: ReasonCode;
  readonly selector?: string;
  /** True when the session got another cookie so lately that this one may belong to a request that was under way then. */
  readonly late?: boolean;
}

/** How a session came to its end. */
export type Ending = 'expired' | 'revoked' | 'superseded';

/**
 * How sessions are kept: behind a store, or sealed in the cookie. `now` is in ms since 1970.
 * Each method throws HttpError 503 `store-unavailable`; those that write also 409 `session-gone` and `session-conflict`.
 */
export interface Backend<Loaded extends LoadedSession = LoadedSession> {
  /** The session that the value of a cookie stands for. Any text at all is an answer. */
  find(value: string, now: number): Awaitable<Loaded | Refusal>;
  /** What has become of a session since: what is known of it now, or how it ended. */
  check(row: SessionFacts, now: number): Promise<SessionFacts | Ending>;
  /** Ends a session for good. */
  end(row: SessionFacts, now: number): Awaitable<unknown>;
  /** Keeps a session that there was not before. */
  create(row: SessionFacts, now: number): Awaitable<CookieChange>;
  /** Makes the visitor a user, in the session that was loaded or, where there is none any more, in a new one. */
  logIn(session: RequestSession<Loaded>, login: Login, now: number): Awaitable<CookieChange>;
  /** Writes what changed in the session that was loaded, and renews or rotates it where that is due. */
  continue(
    session: RequestSession<Loaded>,
    loaded: Loaded,
    changes: Changes,
    now: number,
  ): Awaitable<CookieChange>;
}
