import type { Session } from '../session/types.ts';
import type { ReadDefined } from './consent.ts';
import type { CsrfTokens } from './csrf-token.ts';
import type { EventDetails } from './events.ts';
import type { Exchange } from './exchange.ts';
import type { PreparedOptions } from './prepare.ts';
import { type CookieListeners, CookieRun } from './request-cookies.ts';
import { TokenRun } from './request-tokens.ts';
import { SessionRun } from './session-run.ts';

/** What one request has opened: each part when somebody first asks for it, and none once the head has been sent. */
export class RequestParts<Data extends object, Host extends unknown[], Claims extends object> {
  readonly options: PreparedOptions<Data, Host, Claims>;
  readonly exchange: Exchange;
  readonly host: Host;
  session: SessionRun<Data> | undefined;
  cookies: CookieRun | undefined;
  tokens: TokenRun<Claims> | undefined;
  /** True once a CSRF token was given to the page. */
  csrfTokenGiven = false;
  /** What the handler said of its own outcome. */
  outcome: 'failed' | 'kept' | undefined;
  #isClosed = false;
  #isForReading = false;

  constructor(options: PreparedOptions<Data, Host, Claims>, exchange: Exchange, host: Host) {
    this.options = options;
    this.exchange = exchange;
    this.host = host;
  }

  get address(): string | undefined {
    const { address } = this.options;
    return address === undefined ? this.exchange.address : address(...this.host);
  }

  emit(event: EventDetails): void {
    this.options.emit(event, this.exchange, this.host);
  }

  openSession(): Promise<Session<Data>> {
    if (this.session !== undefined) return this.session.ask();
    const { sessions, hostSessions } = this.options;
    if (sessions === undefined || hostSessions === undefined) {
      return misused('No sessions here: pass sessions: createSessions(…) to the pipeline.');
    }
    if (this.#isClosed) return misused('The head of the answer has been sent: open the session before.');
    this.session = new SessionRun(hostSessions, this.exchange, this.address, this.#isForReading);
    return this.session.ask();
  }

  openCookies(): CookieRun {
    if (this.cookies === undefined) {
      this.cookies = new CookieRun(this.exchange.header('cookie'), this.#cookieListeners());
      if (this.#isClosed || this.#isForReading) this.cookies.close();
    }
    return this.cookies;
  }

  /** @throws TypeError without the option `tokens` */
  openTokens(): TokenRun<Claims> {
    const { tokens } = this.options;
    if (tokens === undefined) {
      throw new TypeError('No tokens here: pass tokens: createTokens(…) to the pipeline.');
    }
    this.tokens ??= new TokenRun(tokens, this.exchange, this.openCookies());
    return this.tokens;
  }

  /** Late, nothing is left to drop: whoever hears of an error in the midst of a stream need not know that its head is out. */
  fail(): void {
    if (!this.#isClosed) this.outcome = 'failed';
  }

  /** There is no answer: what would be written to it is misuse from here on. */
  readOnly(): void {
    this.#isForReading = true;
    this.cookies?.close();
  }

  /** @throws TypeError once the answer has begun, or where there is none */
  keep(): void {
    if (this.#isClosed || this.#isForReading) throw new TypeError(isLate);
    this.outcome = 'kept';
  }

  /** Opens nothing any more; a promise while cookies are still being sealed. */
  close(): Promise<unknown> | undefined {
    if (!this.#isClosed) this.#settleConsent();
    this.#isClosed = true;
    return this.cookies?.close();
  }

  #settleConsent(): void {
    const { consent } = this.options;
    const watched = consent?.cookies ?? [];
    if (this.cookies === undefined && (watched.length === 0 || this.exchange.header('cookie') === undefined))
      return;
    const cookies = this.openCookies();
    const read: ReadDefined = (definition) => cookies.get(definition);
    cookies.settleConsent(
      consent === undefined ? new Set() : agreedTo(consent.purposes(read, ...this.host)),
      watched,
    );
  }

  #cookieListeners(): CookieListeners {
    const { isWatched, warnOfConsent } = this.options;
    return {
      invalid: isWatched
        ? (name, reasons) => this.emit({ type: 'invalid-cookie', name, reasons })
        : undefined,
      withheld: warnOfConsent,
    };
  }

  /** Who is signed in, and what names the sign-in. A token that came decides alone, good or not. */
  async signedIn(): Promise<{ user: string; authority: string } | undefined> {
    const { tokens, sessions } = this.options;
    if (tokens !== undefined) {
      const visitor = await this.openTokens().visitor();
      if (visitor.allowed) return { user: visitor.user, authority: visitor.family };
      if (visitor.reasons[0].code !== 'token-missing' || sessions === undefined) return undefined;
    }
    const { user, authority } = await this.openSession();
    return user === undefined ? undefined : { user, authority };
  }

  async csrfToken(): Promise<string> {
    const token = await this.#csrfTokens().issue(await this.#authority(), this.openCookies());
    this.csrfTokenGiven = true;
    return token;
  }

  async verifyCsrf(token: unknown): Promise<boolean> {
    return this.#csrfTokens().isGood(await this.#authority(), this.openCookies(), token);
  }

  /** What CSRF tokens of the signed-in visitor are bound to; `''` while a login is under way. */
  async #authority(): Promise<string | undefined> {
    const { tokens, sessions } = this.options;
    if (tokens === undefined && sessions === undefined) return undefined;
    if (this.tokens !== undefined && this.tokens.issued.length > 0) return '';
    return (await this.signedIn())?.authority;
  }

  #csrfTokens(): CsrfTokens {
    const tokens = this.options.csrf?.tokens;
    if (tokens !== undefined) return tokens;
    throw new TypeError('No CSRF tokens here: pass csrf: { keys: keyRing(…) } to the pipeline.');
  }
}

const isLate =
  'The answer has begun, or there is none, as to an upgrade, and what the request wrote is settled: say so before.';

/** @throws TypeError for what is no list: a promise, or one purpose, of which each letter would be one */
function agreedTo(purposes: Iterable<string>): ReadonlySet<string> {
  if (typeof purposes === 'object' && purposes !== null && Symbol.iterator in purposes)
    return new Set(purposes);
  throw new TypeError(
    "consent.purposes of a pipeline gives a list, as ['statistics'], and at once: what it has to wait for, the handler reads.",
  );
}

function misused(sentence: string): Promise<never> {
  return Promise.reject(new TypeError(sentence));
}
