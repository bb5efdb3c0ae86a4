import type { Session, Sessions } from '../session/types.ts';
import type { Duration } from '../time.ts';
import type { Tokens } from '../tokens/types.ts';
import type { ContextCookies } from './cookies.ts';
import type { ContextTokens } from './tokens.ts';

/** What a handler knows of its visitor. The same in every framework. */
export interface Context<
  Data extends object = Record<string, unknown>,
  Claims extends object = Record<string, unknown>,
> {
  /** The visitor's session. The first call opens it, with one store read; never called = never read. */
  session(): Promise<Session<Data>>;
  /** The id of the signed-in user: whom a good token speaks for, or else the session's. */
  user(): Promise<string | undefined>;
  /**
   * The id of the signed-in user, authenticated no longer ago than `fresh` where that is given.
   * @throws HttpError 401 `unauthenticated`: nobody is signed in. Where there are tokens, with `WWW-Authenticate: Bearer`.
   * @throws HttpError 403 `stale-authentication`: the sign-in is too old, or known from a token alone. Not 401, on
   *   which clients forget a login that is still good; ask for the password again.
   */
  requireUser(options?: { fresh?: Duration }): Promise<string>;
  readonly cookies: ContextCookies;
  /** @throws TypeError without the option `tokens` */
  readonly tokens: ContextTokens<Claims>;
  /**
   * A token for the forms and scripts of a page, bound to the signed-in session, or to a cookie of its own while nobody is
   * signed in. It ends with a login and a logout. Another one each time, so that compressing a page gives none away.
   * @throws TypeError without `csrf.keys`, and between a login and the end of its request
   */
  csrfToken(): Promise<string>;
  /**
   * True when the token was given to this visitor as they are known now; false for whatever is none. For a token that came in
   * a body that the pipeline does not look into, as JSON.
   */
  verifyCsrf(token: unknown): Promise<boolean>;
  /** The visitor's address, where the host knows it. */
  readonly address: string | undefined;
}

/** The context of requests that are served with these sessions and these tokens. */
export type ContextOf<S, T = unknown> = Context<
  S extends Sessions<infer Data> ? Data : Record<string, unknown>,
  T extends Tokens<infer Claims> ? Claims : Record<string, unknown>
>;
