import type { ResponseTarget } from '../cookie/request-source.ts';
import { replaceLines } from '../cookie/set-lines.ts';
import { refuseDetached } from '../errors/detached.ts';
import type { Authenticated, Tokens, Unauthenticated } from '../tokens/types.ts';
import type { Exchange } from './exchange.ts';
import { isPrefetch, prefetchRefused } from './prefetch.ts';
import type { CookieRun } from './request-cookies.ts';

/** The tokens of one request and its answer. The cookies of a sign-in are sent unless the handler throws. */
export interface RequestTokens<Claims extends object = Record<string, unknown>> {
  /** Whom the request's token speaks for, or why nobody. Asked once. */
  visitor(): Promise<Authenticated<Claims> | Unauthenticated>;
  /** Signs a user in with two HttpOnly cookies; the sign-in that the request came with ends. @throws TypeError once the answer's head has been sent */
  issue(userId: string, claims?: Claims): Promise<void>;
  /** New cookies for the refresh cookie of the request. @throws TypeError once the answer's head has been sent */
  refresh(): Promise<Authenticated<Claims> | Unauthenticated>;
  /** Signs out: ends the tokens that the request brings, and expires their cookies. How many sign-ins lived until now. */
  revoke(): Promise<number>;
}

/** What one request does with its tokens. */
export class TokenRun<Claims extends object> implements RequestTokens<Claims> {
  /** What a handler gets: nothing else is on it. */
  readonly context: RequestTokens<Claims> = new HandlerTokens(this);
  /** True once the visitor was signed out. */
  revoked = false;
  /** True once a browser that asks ahead of a visit would have changed who is signed in. */
  refusedPrefetch = false;
  #issued: readonly string[] = [];
  readonly #tokens: Tokens<Claims>;
  readonly #exchange: Exchange;
  readonly #cookies: CookieRun;
  readonly #kept: ResponseTarget;
  readonly #sent: string[] = [];
  #visitor: Promise<Authenticated<Claims> | Unauthenticated> | undefined;

  /** @param cookies where the lines go that are sent on every outcome */
  constructor(tokens: Tokens<Claims>, exchange: Exchange, cookies: CookieRun) {
    this.#tokens = tokens;
    this.#exchange = exchange;
    this.#cookies = cookies;
    this.#kept = {
      append: (_, line) => {
        this.#sent.push(line);
        cookies.append(line);
      },
    };
  }

  /** All lines that come of tokens. */
  get lines(): readonly string[] {
    return [...this.#sent, ...this.#issued];
  }

  /** The Set-Cookie lines of a sign-in. */
  get issued(): readonly string[] {
    return this.#issued;
  }

  visitor(): Promise<Authenticated<Claims> | Unauthenticated> {
    this.#visitor ??= this.#tokens.authenticate(this.#exchange);
    return this.#visitor;
  }

  async issue(userId: string, claims?: Claims): Promise<void> {
    this.#assertNoPrefetch();
    this.#cookies.assertOpen();
    const to = { append: (_: string, line: string) => this.#append(line) };
    await this.#tokens.issue(userId, to, claims);
  }

  async refresh(): Promise<Authenticated<Claims> | Unauthenticated> {
    this.#assertNoPrefetch();
    this.#cookies.assertOpen();
    const outcome = await this.#tokens.refresh(this.#exchange, this.#kept);
    if (outcome.allowed) this.#visitor = Promise.resolve(outcome);
    return outcome;
  }

  async revoke(): Promise<number> {
    this.#assertNoPrefetch();
    const ended = await this.#tokens.revoke(this.#exchange, this.#kept);
    this.#visitor = undefined;
    this.revoked = true;
    await this.abandon();
    return ended;
  }

  /** Ends the sign-in in whose place another goes out; `undefined` where none does. */
  endFormer(): Promise<unknown> | undefined {
    return this.#issued.length === 0 ? undefined : this.#tokens.revoke(this.#exchange);
  }

  /** Sends no sign-in, and ends it, as nobody will have it: what it was for has failed. A promise while there is one to end. */
  abandon(): Promise<unknown> | undefined {
    if (this.#issued.length === 0) return undefined;
    const cookie = this.#issued.map((line) => line.split(';', 1)[0]).join('; ');
    this.#issued = [];
    return this.#tokens.revoke({ headers: { cookie } }).catch(() => {});
  }

  /** @throws HttpError 503 `prefetch-refused`; the store is called at once, and nothing could be taken back */
  #assertNoPrefetch(): void {
    if (!isPrefetch(this.#exchange)) return;
    this.refusedPrefetch = true;
    throw prefetchRefused();
  }

  #append(line: string): void {
    this.#issued = replaceLines(this.#issued, [line]);
  }
}

class HandlerTokens<Claims extends object> implements RequestTokens<Claims> {
  readonly #run: TokenRun<Claims>;

  constructor(run: TokenRun<Claims>) {
    this.#run = run;
  }

  static {
    refuseDetached(HandlerTokens, (object) => #run in object, 'context.tokens');
  }

  visitor(): Promise<Authenticated<Claims> | Unauthenticated> {
    return this.#run.visitor();
  }

  issue(userId: string, claims?: Claims): Promise<void> {
    return this.#run.issue(userId, claims);
  }

  refresh(): Promise<Authenticated<Claims> | Unauthenticated> {
    return this.#run.refresh();
  }

  async revoke(...other: readonly unknown[]): Promise<number> {
    if (other.length > 0) {
      throw new TypeError(
        'context.tokens.revoke() signs out who sent the request, and takes nothing: for others, tokens.revoke({ user }) of createTokens.',
      );
    }
    return this.#run.revoke();
  }
}
