import { replaceLines } from '../cookie/set-lines.ts';
import type { TokenRefusal, Tokens, TokenTarget, TokenVisitor } from '../tokens/types.ts';
import type { ResponseCookies } from './cookies.ts';
import type { Exchange } from './exchange.ts';

/** The tokens of one request and its answer. The cookies of a sign-in are sent unless the handler throws. */
export interface ContextTokens<Claims extends object = Record<string, unknown>> {
  /** Whom the request's token speaks for, or why nobody. Asked once. */
  visitor(): Promise<TokenVisitor<Claims> | TokenRefusal>;
  /** Signs a user in with two HttpOnly cookies. */
  issue(userId: string, claims?: Claims): Promise<void>;
  /** New cookies for the refresh cookie of the request. */
  refresh(): Promise<TokenVisitor<Claims> | TokenRefusal>;
  /** Signs out: ends the tokens that the request brings, and expires their cookies. How many sign-ins lived until now. */
  revoke(): Promise<number>;
}

export class RequestTokens<Claims extends object> implements ContextTokens<Claims> {
  /** The Set-Cookie lines of a sign-in. */
  issued: readonly string[] = [];
  /** True once the sign-in that the request came with was ended. */
  revoked = false;
  readonly #tokens: Tokens<Claims>;
  readonly #exchange: Exchange;
  readonly #kept: TokenTarget;
  #visitor: Promise<TokenVisitor<Claims> | TokenRefusal> | undefined;

  /** @param cookies where the lines go that are sent on every outcome */
  constructor(tokens: Tokens<Claims>, exchange: Exchange, cookies: ResponseCookies) {
    this.#tokens = tokens;
    this.#exchange = exchange;
    this.#kept = { append: (_, line) => cookies.append(line) };
  }

  visitor(): Promise<TokenVisitor<Claims> | TokenRefusal> {
    this.#visitor ??= this.#tokens.authenticate(this.#exchange);
    return this.#visitor;
  }

  async issue(userId: string, claims?: Claims): Promise<void> {
    const to = { append: (_: string, line: string) => this.#issue(line) };
    await this.#tokens.issue(userId, to, claims);
  }

  async refresh(): Promise<TokenVisitor<Claims> | TokenRefusal> {
    const outcome = await this.#tokens.refresh(this.#exchange, this.#kept);
    if (outcome.allowed) this.#visitor = Promise.resolve(outcome);
    return outcome;
  }

  async revoke(): Promise<number> {
    const ended = await this.#tokens.revoke(this.#exchange, this.#kept);
    this.#visitor = undefined;
    this.revoked = true;
    this.abandon();
    return ended;
  }

  /** Sends no sign-in: what it was for has failed. */
  abandon(): void {
    this.issued = [];
  }

  #issue(line: string): void {
    this.issued = replaceLines(this.issued, [line]);
  }
}
