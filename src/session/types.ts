import type { RequestSource, ResponseTarget } from '../cookie/request-source.ts';
import type { Verdict } from '../scope/verdict.ts';
import type { Duration } from '../time.ts';

/** What `login` takes beside the user. */
export interface LoginOptions {
  /** True: the cookie outlives the browser, and the session lives for the `remember` lifetime. Default: false. */
  remember?: boolean;
  /**
   * What the session is called at an identity provider, for `revokeByExternalId`: its `sid`, or several names, as
   * `[sid, issuer + '#' + subject]`. None is empty. Default: it has no such name.
   */
  externalId?: string | readonly string[];
}

/**
 * The server's memory of one visitor, for one request. Synchronous once opened: everything is an intent, in force when
 * `commit` is acknowledged.
 */
export interface Session<Data extends object = Record<string, unknown>> {
  get<K extends keyof Data>(key: K): Data[K] | undefined;
  /**
   * What is kept is JSON: a Date comes back as text.
   * @throws TypeError for what JSON would lose, here or, where it was put there in place, at commit; and, as every other
   * write, once `commit` has begun.
   */
  set<K extends keyof Data>(key: K, value: Data[K]): void;
  delete(key: keyof Data): void;
  has(key: keyof Data): boolean;
  /**
   * Runs `fn` on the present value, and again on the stored one if another request wrote the key first: never loses.
   * @param fn synchronous, and does no more than make the next value @throws TypeError for a Promise
   */
  update<K extends keyof Data>(key: K, fn: (value: Data[K] | undefined) => Data[K] | undefined): void;
  /**
   * The session as an object: writes and nested mutation are seen at commit. What is changed inside a value after that is lost
   * without a word: the value is the application's own object, which no library should freeze.
   */
  readonly data: Partial<Data>;
  /** With a value: keeps it for the next request. Without: takes it out. */
  flash(key: string): unknown;
  flash(key: string, value: unknown): void;
  /**
   * Makes the visitor this user, under a new verifier. A request with the cookie from before is nobody from then on, and what
   * it writes within `rotationGrace` is a 409: a session of its own would take this one's place in the browser.
   */
  login(userId: string, options?: LoginOptions): void;
  /** Ends the session for good. What is written afterwards is a new, anonymous session. */
  logout(): void;
  /** Changes the verifier; the old one is served for the grace time. */
  rotate(): void;
  /**
   * This request is no use of the session: neither what it reads nor what it writes moves the idle deadline. For what a
   * page asks by itself, again and again, while nobody may be there.
   */
  quiet(): void;
  readonly user: string | undefined;
  /** True when the user was authenticated no longer ago than this. */
  fresh(within: Duration): boolean;
  /** Names the session in lists and in `revoke`: the selector, no secret. `''` while nothing is stored. */
  readonly id: string;
  /**
   * Names the session and its generation of authority, no secret: what a token is bound to that a login or logout must end.
   * `''` while nothing is stored, and from `login` or `logout` until the commit.
   */
  readonly authority: string;
  readonly isNew: boolean;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** When it ends without another request, in ms since 1970. */
  readonly expiresAt: number;
  /** Why this visitor is known, or not. */
  explain(): Verdict;
}

/** A session of another library, verified, which a session of ours takes over. */
export interface Adopted<Data extends object = Record<string, unknown>> {
  /**
   * What only this visitor's cookie there says, and no other: the signed id, or the seal. Requests that come with it at
   * once go on in one session of ours, for `rotationGrace`; after a logout it takes over nothing again. A value that two
   * visitors may have, as cookie-session's, is none. Default: each request that comes with the old cookie begins a
   * session of its own.
   */
  id?: string;
  /** The user who is signed in there. */
  user?: string;
  /** When the user signed in there, in ms since 1970. Default: so long ago that `fresh` is false. */
  authenticatedAt?: number;
  remember?: boolean;
  data?: Partial<Data>;
  /**
   * Ends the other session; needs an `id`. Called `rotationGrace` after ours stands in its place, for requests that are
   * under way, and at logout, again where it failed before. A failure is an event, and undoes nothing.
   */
  discard?(): unknown;
  /**
   * When the old session ends by itself, in ms since 1970. Until then the store remembers the `id`, hashed, and no copy of the cookie
   * begins a second session: not after a logout, and not when ours is over. Sealed sessions remember it where `discard` is absent
   * or fails, `rotationGrace` later or at logout. Default, and at most: 400 days from now.
   */
  expiresAt?: number;
  /** Set-Cookie lines to send once ours stands in its place: `defineCookie('connect.sid').serializeDelete()`. */
  setCookie?: readonly string[];
}

/**
 * Why a cookie of another library was not taken over: it is not of that library's form, no key signed or sealed it, its time is
 * over, its session is unknown there, or what `takeOver` said of it failed or can be no session.
 */
export type AdoptionRefusal = 'malformed' | 'unproved' | 'expired' | 'unknown' | 'failed';

/** What `adopt` gives for a cookie of another library that stands for nothing. The visitor is anonymous, and an event says why. */
export interface NotAdopted {
  /** The name of that cookie. */
  readonly cookie: string;
  readonly refused: AdoptionRefusal;
  /** What was thrown, for the event. */
  readonly cause?: unknown;
}

/** What is known of a request beside its cookies. */
export interface RequestFacts {
  /** For the device list: the User-Agent header, say. */
  device?: string | null;
  /** The visitor's address, as the server believes it. Used in memory only, to notice one session at many addresses. */
  address?: string | null;
}

/** For `view`. */
export interface ViewOptions {
  /** How often the store is asked whether the session still lives: an end in another process is known that late. Default: `'30s'`. */
  every?: Duration;
  /** Disposes of the view when it is aborted: when the socket closes, say. Default: none. */
  signal?: AbortSignal;
}

/**
 * A session for what outlives the request that it came with, as a WebSocket or an event stream does. It only reads: the
 * data is as the request left it. Looking at a session is no use of it, so it expires as if the view were not there.
 */
export interface SessionView<Data extends object = Record<string, unknown>> extends Disposable {
  get<K extends keyof Data>(key: K): Data[K] | undefined;
  has(key: keyof Data): boolean;
  readonly user: string | undefined;
  fresh(within: Duration): boolean;
  readonly id: string;
  /** When it ends without another request, in ms since 1970, as of the last look. */
  readonly expiresAt: number;
  /**
   * Aborted once the session is over: at once when it expires or is ended in this process, else at the next look. The
   * reason is a HallpassError `session-gone` whose `cause` is `'expired'`, `'revoked'` or, after a login, `'superseded'`.
   * Never aborted for a visitor without a session, or after the view was disposed of. A sealed session is over with the
   * cookie that it came in, for nobody here sees the newer ones: connect again with the present one.
   */
  readonly ended: AbortSignal;
}

/** Opens and commits sessions. */
export interface Sessions<Data extends object = Record<string, unknown>> {
  /** Reads the visitor's session: one read of the store, or none without a cookie. An unusable cookie is an anonymous visitor. */
  open(from: RequestSource, facts?: RequestFacts): Promise<Session<Data>>;
  /**
   * Writes what changed, in one store call, and the cookie where one is due.
   * @throws TypeError for the session of a pipeline (`context.session()`): that is committed with its answer.
   * @throws HallpassError 409 `session-gone` when there is something to write and the session has ended or got a newer
   * cookie meanwhile, 409 `session-conflict`, 503 `store-unavailable`. Nothing is written and nothing emitted then.
   */
  commit<T extends Response | Headers>(session: Session<Data>, to: T): Promise<T>;
  commit(session: Session<Data>, to?: ResponseTarget): Promise<readonly string[]>;
  /**
   * A session that goes on being looked at, until it is over or the view is disposed of. For a WebSocket: open the session
   * of the upgrade request, close the socket when `ended` is aborted.
   * @throws TypeError after a login or logout in the same request
   */
  view(session: Session<Data>, options?: ViewOptions): SessionView<Data>;
}

/** A session of a user, for the device list. Instants are ms since 1970. */
export interface SessionSummary {
  /** What `revoke` takes. */
  id: string;
  createdAt: number;
  seenAt: number;
  expiresAt: number;
  remember: boolean;
  device?: string;
}

/** A session that was opened again, as it now is, or how it ended. */
export type Reopened<Data extends object = Record<string, unknown>> =
  | { readonly session: Session<Data>; readonly gone?: undefined }
  | { readonly session?: undefined; readonly gone: 'expired' | 'revoked' | 'superseded' };

/** Sessions with a store behind them: they can be listed and ended from outside. */
export interface StoredSessions<Data extends object = Record<string, unknown>> extends Sessions<Data> {
  /** The user's living sessions, the latest used first. @throws TypeError for what cannot be a user's id */
  list(userId: string): Promise<SessionSummary[]>;
  /**
   * A session once more, without its cookie and after its request: as it now is, or how it ended, `'superseded'` by a login.
   * For work that goes on behind an answer. It can be read, written, ended and committed; none of that is use of the
   * session, so nothing is renewed, and it has no answer of its own: `login`, `rotate` and what is written after `logout` are a TypeError.
   * @throws TypeError for a visitor of whom nothing is stored
   */
  reopen(session: Session<Data> | SessionView<Data>): Promise<Reopened<Data>>;
  /** Ends one session of a user. False when it was not the user's, or had ended. */
  revoke(id: string, o: { user: string }): Promise<boolean>;
  /** Ends the user's sessions; how many lived. @throws TypeError for what cannot be a user's id */
  revokeAll(userId: string, o?: { except?: string }): Promise<number>;
  /** Ends the sessions that signed in last under this name at an identity provider, and no others; how many lived. */
  revokeByExternalId(id: string): Promise<number>;
  /**
   * Ends every session of everybody under this cookie: after a break-in, say. In this process at once, in others within a
   * second. Who signs in meanwhile may have to do it again. Tokens are ended by another key, and sealed sessions too.
   */
  revokeEverything(): Promise<void>;
  /** Removes up to `limit` rows that are past every deadline; how many went. Default: 10,000. @throws TypeError */
  sweep(limit?: number): Promise<number>;
}
