import { cookieHeaderWarnings } from '../cookie/header-warnings.ts';
import { putSetCookie, replaceLines } from '../cookie/set-lines.ts';
import { HttpError } from '../errors.ts';
import type { Verdict } from '../scope/verdict.ts';
import type { Session } from '../session/types.ts';
import type { Duration } from '../time.ts';
import type { Context } from './context.ts';
import { ResponseCookies } from './cookies.ts';
import { type Csrf, csrfError } from './csrf.ts';
import type { CsrfTokens } from './csrf-token.ts';
import { answerTo } from './error-answer.ts';
import { addToList, type Exchange, pathOf, type ResponseHead } from './exchange.ts';
import type { Server } from './server.ts';
import { RequestTokens } from './tokens.ts';

/** Characters of User-Agent that a session keeps for the device list: anybody may send any length. */
const longestDevice = 256;

/**
 * One request on its way through the pipeline, in this order: `admit`, the handler, `commit`, `write`.
 * Handlers see it as their {@link Context}.
 */
export class Visit<
  Data extends object,
  Host extends unknown[],
  Claims extends object = Record<string, unknown>,
> implements Context<Data, Claims>
{
  readonly #server: Server<Data, Host, Claims>;
  readonly #exchange: Exchange;
  readonly #host: Host;
  #verdict: Verdict | undefined;
  #opening: Promise<Session<Data>> | undefined;
  /** The session once it is open. */
  #session: Session<Data> | undefined;
  #sessionLines: readonly string[] = [];
  #cookies: ResponseCookies | undefined;
  #tokens: RequestTokens<Claims> | undefined;
  #tokenGiven = false;
  #cameSignedIn = false;
  #signedOut = false;
  #leavesSignedIn = false;
  #settled = false;

  constructor(server: Server<Data, Host, Claims>, exchange: Exchange, host: Host) {
    this.#server = server;
    this.#exchange = exchange;
    this.#host = host;
  }

  // ── what the handler sees ──

  session(): Promise<Session<Data>> {
    if (this.#opening !== undefined) return this.#opening;
    const { sessions } = this.#server;
    if (sessions === undefined) {
      return misused('No sessions here: pass sessions: createSessions(…) to the pipeline.');
    }
    if (this.#settled) return misused('The head of the answer has been sent: open the session before.');
    const device = this.#exchange.header('user-agent')?.slice(0, longestDevice);
    this.#opening = sessions.open(this.#exchange.header('cookie'), { device, address: this.address });
    this.#opening.then(this.#opened, ignore);
    return this.#opening;
  }

  /** Remembers who came, to see at the end whether they signed out. */
  readonly #opened = (session: Session<Data>): void => {
    this.#session = session;
    this.#cameSignedIn = session.user !== undefined;
  };

  async user(): Promise<string | undefined> {
    return (await this.#signedIn())?.user;
  }

  async requireUser(options: { fresh?: Duration } = {}): Promise<string> {
    const user = await this.user();
    if (user === undefined) throw await this.#unauthenticated();
    if (options.fresh !== undefined && !(await this.#isFresh(user, options.fresh))) {
      throw new HttpError('stale-authentication', 403, 'The sign-in is too old for this: sign in again.');
    }
    return user;
  }

  /** A token does not say when its user gave the password: only a session of the same user does. */
  async #isFresh(user: string, within: Duration): Promise<boolean> {
    const session = this.#server.sessions && (await this.session());
    return session?.user === user && session.fresh(within);
  }

  async #unauthenticated(): Promise<HttpError> {
    const visitor = this.#server.tokens && (await this.tokens.visitor());
    return visitor === undefined || visitor.allowed
      ? new HttpError('unauthenticated', 401, 'Sign in first.')
      : visitor.error;
  }

  get tokens(): RequestTokens<Claims> {
    const { tokens } = this.#server;
    if (tokens === undefined) {
      throw new TypeError('No tokens here: pass tokens: createTokens(…) to the pipeline.');
    }
    this.#tokens ??= new RequestTokens(tokens, this.#exchange, this.cookies);
    return this.#tokens;
  }

  get cookies(): ResponseCookies {
    if (this.#cookies === undefined) {
      this.#cookies = new ResponseCookies(this.#exchange.header('cookie'));
      if (this.#settled) this.#cookies.close();
    }
    return this.#cookies;
  }

  async csrfToken(): Promise<string> {
    const token = await this.#csrfTokens().issue(await this.#authority(), this.cookies);
    this.#tokenGiven = true;
    return token;
  }

  async verifyCsrf(token: unknown): Promise<boolean> {
    return this.#csrfTokens().isGood(await this.#authority(), this.cookies, token);
  }

  get address(): string | undefined {
    const { address } = this.#server;
    return address === undefined ? this.#exchange.address : address(...this.#host);
  }

  /** Who is signed in, and what names the sign-in. A token that came decides alone, good or not. */
  async #signedIn(): Promise<{ user: string; authority: string } | undefined> {
    const { tokens, sessions } = this.#server;
    if (tokens !== undefined) {
      const visitor = await this.tokens.visitor();
      if (visitor.allowed) return { user: visitor.user, authority: visitor.family };
      if (visitor.reasons[0].code !== 'token-missing' || sessions === undefined) return undefined;
    }
    const { user, authority } = await this.session();
    return user === undefined ? undefined : { user, authority };
  }

  /** What CSRF tokens of the signed-in visitor are bound to; `''` while a login is under way. */
  async #authority(): Promise<string | undefined> {
    const { tokens, sessions } = this.#server;
    if (tokens === undefined && sessions === undefined) return undefined;
    if (this.#tokens !== undefined && this.#tokens.issued.length > 0) return '';
    return (await this.#signedIn())?.authority;
  }

  #csrfTokens(): CsrfTokens {
    const tokens = this.#server.csrf?.tokens;
    if (tokens !== undefined) return tokens;
    throw new TypeError('No CSRF tokens here: pass csrf: { keys: keyRing(…) } to the pipeline.');
  }

  // ── what the host does ──

  /**
   * Lets the request pass, or gives the answer of `onRefuse`; a promise only where a token decides, and of a refusal.
   * @throws HttpError 403 `csrf-refused`
   */
  admit(): Promise<Response | undefined> | undefined {
    const { csrf } = this.#server;
    if (this.#server.isWatched) this.#reportCookies();
    this.#verdict = csrf?.judge(this.#exchange, false);
    if (csrf === undefined || this.#verdict === undefined || this.#verdict.allowed) return undefined;
    const tokenDecides = csrf.tokens !== undefined && csrf.judge(this.#exchange, true)?.allowed === true;
    return tokenDecides ? this.#admitByToken(csrf, this.#verdict) : this.#refuse(csrf, this.#verdict);
  }

  #reportCookies(): void {
    const reasons = cookieHeaderWarnings(this.#exchange.header('cookie'));
    if (reasons.length === 0) return;
    const { method, url } = this.#exchange;
    this.#server.emit({ type: 'ambiguous-cookies', method, path: pathOf(url), reasons }, this.#host);
  }

  async #admitByToken(csrf: Csrf, otherwise: Verdict): Promise<Response | undefined> {
    const token = await csrf.tokens?.sentWith(this.#exchange);
    const isGood = token !== undefined && (await this.verifyCsrf(token));
    return isGood ? undefined : this.#refuse(csrf, otherwise);
  }

  #refuse({ enforced }: Csrf, verdict: Verdict): Promise<Response> | undefined {
    const { method, url } = this.#exchange;
    const { reasons } = verdict;
    this.#server.emit({ type: 'csrf-refused', enforced, method, path: pathOf(url), reasons }, this.#host);
    return enforced ? this.#answerRefusal(verdict) : undefined;
  }

  async #answerRefusal(verdict: Verdict): Promise<Response> {
    const answer = await this.#server.onRefuse?.(verdict, ...this.#host);
    if (!answer) throw csrfError(verdict);
    return answer;
  }

  /**
   * Makes the session's intents real, with one store call; `undefined` when there is nothing to wait for.
   * @param failed the handler threw: what it wrote and a login are dropped, a logout and a rotation are kept
   * @throws what the store or the session has against it; nothing of the session is sent then
   */
  commit(failed: boolean): Promise<void> | undefined {
    this.#settled = true;
    const sealing = this.#cookies?.close();
    const ending = failed ? this.#tokens?.abandon() : undefined;
    const isOpening = this.#opening !== undefined && this.#session === undefined;
    const issued = this.#tokens?.issued ?? [];
    const waits = isOpening || sealing !== undefined || ending !== undefined || issued.length > 0;
    return waits ? this.#commit([sealing, ending], failed) : this.#commitSession(failed);
  }

  async #commit(first: readonly unknown[], failed: boolean): Promise<void> {
    await Promise.all(first);
    await this.#opening?.catch(ignore);
    try {
      await this.#commitSession(failed);
      await this.#tokens?.endFormer();
    } catch (error) {
      await this.#tokens?.abandon();
      throw error;
    }
  }

  #commitSession(failed: boolean): Promise<void> | undefined {
    const session = this.#session;
    const { hostSessions } = this.#server;
    if (session === undefined || hostSessions === undefined) return undefined;
    try {
      if (failed) hostSessions.abandon(session);
      const lines = hostSessions.commitLines(session);
      if (lines instanceof Promise) return lines.then((written) => this.#committed(session, written));
      this.#committed(session, lines);
      return undefined;
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #committed(session: Session<Data>, lines: readonly string[]): void {
    this.#sessionLines = lines;
    this.#leavesSignedIn = session.user !== undefined;
    this.#signedOut = this.#cameSignedIn && !this.#leavesSignedIn;
  }

  /** True when `write` would write nothing. */
  get isPlain(): boolean {
    return (
      this.#server.cors === undefined &&
      this.#server.watchCookies === undefined &&
      this.#verdict === undefined &&
      this.#opening === undefined &&
      this.#cookies === undefined
    );
  }

  /** Writes what belongs on the answer whatever became of it: CORS, cookies, and who may keep it. */
  write(head: ResponseHead): void {
    this.#server.cors?.mark(this.#exchange, head);
    if (this.#verdict !== undefined) addToList(head, 'vary', ['Sec-Fetch-Site', 'Origin']);
    const issued = this.#tokens?.issued ?? [];
    const kept = this.#cookies?.lines ?? [];
    const lines = [...(issued.length === 0 ? kept : replaceLines(kept, issued)), ...this.#sessionLines];
    if (lines.length > 0) putSetCookie(head, lines);
    const { clearSiteData, watchCookies } = this.#server;
    watchCookies?.(head.getSetCookie(), this.#cookies?.sensitive ?? [], this.#exchange);
    if (clearSiteData !== undefined && this.#isSignOut) head.set('clear-site-data', clearSiteData);
    const personal =
      this.#opening !== undefined || this.#tokens !== undefined || this.#tokenGiven || lines.length > 0;
    if (personal || this.#cookies?.wasRead) addToList(head, 'vary', ['Cookie']);
    if (this.#tokens !== undefined) addToList(head, 'vary', ['Authorization']);
    if (personal && head.get('cache-control') === null) head.set('cache-control', 'private, no-store');
  }

  /** True when somebody was signed out, and nobody signs in by the same answer, whose cookies would go too. */
  get #isSignOut(): boolean {
    const { revoked = false, issued = [] } = this.#tokens ?? {};
    return (this.#signedOut || revoked) && !this.#leavesSignedIn && issued.length === 0;
  }

  /** The answer to what was thrown. Reported when it is the server's fault; its details stay here. */
  answer(error: unknown): Response {
    const answer = answerTo(error);
    if (answer.status >= 500) {
      const { method, url } = this.#exchange;
      const { status } = answer;
      this.#server.emit({ type: 'failed', status, method, path: pathOf(url), error }, this.#host);
    }
    return answer;
  }
}

function ignore(): void {}

function misused(sentence: string): Promise<never> {
  return Promise.reject(new TypeError(sentence));
}
