import type { CookiePair } from '../cookie/header.ts';
import type { Awaitable } from '../crypto/index.ts';
import type { ReasonCode } from '../scope/verdict.ts';
import type { Foreign } from './foreign.ts';
import type { LoadedSession, Login, RequestSession, SessionFacts, Standing } from './request-session.ts';
import type { CookieChange } from './session-cookie.ts';
import type { Changes } from './values.ts';

/** Why the value of a session cookie stands for nobody, and which session it named. */
export interface Refusal {
  readonly refused: ReasonCode;
  readonly selector?: string;
  /** True when the session got another cookie so lately that this one may belong to a request that was under way then. */
  readonly late?: boolean;
}

/** What becomes of the cookie, or that another request took over the session of another library first. */
export type CommitOutcome = CookieChange | 'adopted-already';

/** Why a session is over. */
export type EndCause = 'expired' | 'revoked' | 'superseded';

/**
 * How sessions are kept: behind a store, or sealed in the cookie. `now` is in ms since 1970.
 * Each method throws HttpError 503 `store-unavailable`; those that write also 409 `session-gone` and `session-conflict`.
 */
export interface Backend<Loaded extends LoadedSession = LoadedSession> {
  /** The same for a commit that calls the store several times: together its calls may take as long as one. */
  together?(): Backend<Loaded>;
  /** True for a value that may stand for a session. */
  mayOpen(value: string): boolean;
  /** The session that a cookie of the present name, or a former one, stands for. Any text at all is an answer. */
  find(cookie: CookiePair, now: number): Awaitable<Loaded | Refusal>;
  /** The same of several, one alone of which counts: what they stand for is looked up together. */
  findAll?(cookies: readonly CookiePair[], now: number): readonly Awaitable<Loaded | Refusal>[];
  /** What has become of a session since: what is known of it now, or how it ended. */
  check(row: Standing, now: number): Promise<Loaded['row'] | EndCause>;
  /** Ends a session for good. */
  end(row: SessionFacts, now: number): Awaitable<unknown>;
  /** The session that took over this one of another library, or how that ended; `undefined` where nothing did. */
  findAdopted(foreign: Foreign, now: number): Awaitable<Loaded | Refusal | undefined>;
  /**
   * Remembers that the session of another library began one of ours, for as long as its cookie would open it.
   * @param isOver true once no request can be under way any more that comes with that cookie: then under former names too
   */
  spend(foreign: Foreign, isOver: boolean, now: number): Awaitable<unknown>;
  /** Sees to it that nothing takes over the session of another library again. @param row the one that would have */
  forestall(row: SessionFacts, now: number): Awaitable<unknown>;
  /** Keeps a session that there was not before. */
  create(row: SessionFacts, adopting: Foreign | undefined, now: number): Awaitable<CommitOutcome>;
  /** Makes the visitor a user, in the session that was loaded or, where there is none any more, in a new one. */
  logIn(session: RequestSession<Loaded>, login: Login, now: number): Awaitable<CommitOutcome>;
  /** Writes what changed in the session that was loaded, and renews or rotates it where that is due. */
  continue(
    session: RequestSession<Loaded>,
    loaded: Loaded,
    changes: Changes,
    now: number,
  ): Awaitable<CookieChange>;
}
