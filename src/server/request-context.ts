import { detached, refuseDetached } from '../errors/detached.ts';
import { checkOptions, type Shape } from '../errors/misuse.ts';
import { HttpError } from '../errors.ts';
import type { Session, Sessions } from '../session/types.ts';
import type { Duration } from '../time.ts';
import type { Tokens } from '../tokens/types.ts';
import type { RequestCookies } from './request-cookies.ts';
import type { RequestParts } from './request-parts.ts';
import type { RequestTokens } from './request-tokens.ts';

/** What a handler knows of its visitor. The same in every framework. */
export interface RequestContext<
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
  readonly cookies: RequestCookies;
  /** @throws TypeError without the option `tokens` */
  readonly tokens: RequestTokens<Claims>;
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
  /**
   * The request has failed, whatever its answer says: what was written to the session, and a login, are not kept. For a
   * handler that answers failures with 200, as GraphQL does. Once the answer has begun, all is settled, and it does nothing.
   */
  fail(): void;
  /**
   * The request has done its work, whatever its answer says: all is kept. For a handler that answers 502 on purpose.
   * @throws TypeError once the answer has begun
   */
  keep(): void;
}

/** The context of requests that are served with these sessions and these tokens. */
export type RequestContextOf<S, T = unknown> = RequestContext<
  S extends Sessions<infer Data> ? Data : Record<string, unknown>,
  T extends Tokens<infer Claims> ? Claims : Record<string, unknown>
>;

const freshShape: Shape<{ fresh?: Duration }> = { fresh: 'string|number' };

/** What a handler gets of a request. */
export class HandlerContext<Data extends object, Host extends unknown[], Claims extends object>
  implements RequestContext<Data, Claims>
{
  readonly #parts: RequestParts<Data, Host, Claims>;

  constructor(parts: RequestParts<Data, Host, Claims>) {
    this.#parts = parts;
  }

  static {
    refuseDetached(HandlerContext, (object) => #parts in object, 'context', { but: ['session'] });
  }

  session(): Promise<Session<Data>> {
    let parts: RequestParts<Data, Host, Claims>;
    try {
      parts = this.#parts;
    } catch {
      throw detached('session(…)', 'context');
    }
    return parts.openSession();
  }

  async user(): Promise<string | undefined> {
    return (await this.#parts.signedIn())?.user;
  }

  async requireUser(options: { fresh?: Duration } = {}): Promise<string> {
    checkOptions(options, freshShape, 'requireUser');
    const user = await this.user();
    if (user === undefined) throw await this.#unauthenticated();
    if (options.fresh !== undefined && !(await this.#isFresh(user, options.fresh))) {
      throw new HttpError('stale-authentication', 403, 'The sign-in is too old for this: sign in again.');
    }
    return user;
  }

  /** A token does not say when its user gave the password: only a session of the same user does. */
  async #isFresh(user: string, within: Duration): Promise<boolean> {
    const session = this.#parts.options.sessions && (await this.session());
    return session?.user === user && session.fresh(within);
  }

  async #unauthenticated(): Promise<HttpError> {
    const visitor = this.#parts.options.tokens && (await this.tokens.visitor());
    return visitor === undefined || visitor.allowed
      ? new HttpError('unauthenticated', 401, 'Sign in first.')
      : visitor.error;
  }

  get cookies(): RequestCookies {
    return this.#parts.openCookies().context;
  }

  get tokens(): RequestTokens<Claims> {
    return this.#parts.openTokens().context;
  }

  csrfToken(): Promise<string> {
    return this.#parts.csrfToken();
  }

  verifyCsrf(token: unknown): Promise<boolean> {
    return this.#parts.verifyCsrf(token);
  }

  get address(): string | undefined {
    return this.#parts.address;
  }

  fail(): void {
    this.#parts.fail();
  }

  keep(): void {
    this.#parts.keep();
  }
}
