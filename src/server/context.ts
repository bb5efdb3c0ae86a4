import type { Session, Sessions } from '../session/types.ts';
import type { Duration } from '../time.ts';
import type { ContextCookies } from './cookies.ts';

/** What a handler knows of its visitor. The same in every framework. */
export interface Context<Data extends object = Record<string, unknown>> {
  /** The visitor's session. The first call opens it, with one store read; never called = never read. */
  session(): Promise<Session<Data>>;
  /** The id of the signed-in user. */
  user(): Promise<string | undefined>;
  /**
   * The id of the signed-in user, authenticated no longer ago than `fresh` where that is given.
   * @throws HttpFacingError 401 `unauthenticated`: nobody is signed in.
   * @throws HttpFacingError 403 `stale-authentication`: the sign-in is too old. Not 401, on which clients forget a login
   *   that is still good; ask for the password again.
   */
  requireUser(options?: { fresh?: Duration }): Promise<string>;
  readonly cookies: ContextCookies;
  /** The visitor's address, where the host knows it. */
  readonly address: string | undefined;
}

/** The context of requests that are served with these sessions. */
export type ContextOf<S> = Context<S extends Sessions<infer Data> ? Data : Record<string, unknown>>;
