import type { CookieSource } from '../cookie/types.ts';
import type { Verdict } from '../scope/verdict.ts';
import type { Duration } from '../time.ts';

/** A place for Set-Cookie lines in a host that has no `Headers`. */
export interface HeaderSink {
  append(name: string, value: string): void;
}

/** What `login` may be told. */
export interface LoginOptions {
  /** True: the cookie outlives the browser and the session the `remember` lifetime. */
  remember?: boolean;
  /** The session's name at an identity provider. */
  externalId?: string;
}

/**
 * The server's memory of one visitor, for one request. Synchronous once opened: everything is an intent, in force when
 * `commit` is acknowledged.
 */
export interface Session<Data extends object = Record<string, unknown>> {
  get<K extends keyof Data>(key: K): Data[K] | undefined;
  set<K extends keyof Data>(key: K, value: Data[K]): void;
  delete(key: keyof Data): void;
  has(key: keyof Data): boolean;
  /** Runs `fn` on the present value, and again on the stored one if another request wrote the key first: never loses. */
  update<K extends keyof Data>(key: K, fn: (value: Data[K] | undefined) => Data[K] | undefined): void;
  /** The session as an object: writes and nested mutation are seen at commit. */
  readonly data: Partial<Data>;
  /** With a value: keeps it for the next request. Without: takes it out. */
  flash(key: string): unknown;
  flash(key: string, value: unknown): void;
  /** Makes the visitor this user, under a new verifier. */
  login(userId: string, options?: LoginOptions): void;
  /** Ends the session for good. What is written afterwards is a new, anonymous session. */
  logout(): void;
  /** Changes the verifier; the old one is served for the grace time. */
  rotate(): void;
  readonly user: string | undefined;
  /** True when the user was authenticated no longer ago than this. */
  fresh(within: Duration): boolean;
  /** Names the session in lists and in `revoke`: the selector, no secret. `''` while nothing is stored. */
  readonly handle: string;
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
  /** The user who is signed in there. */
  user?: string;
  /** When the user signed in there, in ms since 1970. Unsaid: so long ago that `fresh` is false. */
  authenticatedAt?: number;
  remember?: boolean;
  data?: Partial<Data>;
  /** Ends the other session. Called once ours stands in its place, and at logout; waited for. */
  discard?(): unknown;
  /** Set-Cookie lines to send with that: `defineCookie('connect.sid').serializeDelete()`. */
  setCookie?: readonly string[];
}

/** What is known of the visitor beside the cookies. */
export interface Visitor {
  /** For the device list: the User-Agent header, say. */
  device?: string;
  /** The visitor's address, as the server believes it. Used in memory only, to notice one session at many addresses. */
  address?: string;
}

/** Opens and commits sessions. */
export interface Sessions<Data extends object = Record<string, unknown>> {
  /** Reads the visitor's session: one read of the store, or none without a cookie. An unusable cookie is an anonymous visitor. */
  open(from: CookieSource, visitor?: Visitor): Promise<Session<Data>>;
  /** Writes what changed, in one store call, and the cookie where one is due. */
  commit<T extends Response | Headers>(session: Session<Data>, to: T): Promise<T>;
  commit(session: Session<Data>, to?: HeaderSink): Promise<readonly string[]>;
  /** For a request that failed, before `commit`: drops what was written and a login, keeps a logout and a rotation. */
  abandon(session: Session<Data>): void;
}

/** A line of the device list. */
export interface SessionSummary {
  /** What `revoke` takes. */
  handle: string;
  createdAt: number;
  seenAt: number;
  expiresAt: number;
  remember: boolean;
  device?: string;
}

/** Sessions with a store behind them: they can be listed and ended from outside. */
export interface StoredSessions<Data extends object = Record<string, unknown>> extends Sessions<Data> {
  list(userId: string): Promise<SessionSummary[]>;
  /** Ends one session of a user. False when it was not the user's, or had ended. */
  revoke(handle: string, o: { user: string }): Promise<boolean>;
  /** Ends the user's sessions; how many lived. */
  revokeAll(userId: string, o?: { except?: string }): Promise<number>;
  /** Ends the sessions with this name at an identity provider; how many lived. */
  revokeByExternalId(id: string): Promise<number>;
  /** Removes up to `limit` rows that are past every deadline. */
  sweep(limit?: number): Promise<number>;
}
