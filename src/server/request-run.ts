import { cookieHeaderWarnings } from '../cookie/header-warnings.ts';
import { putSetCookie, replaceLines } from '../cookie/set-lines.ts';
import { asError } from '../errors/as-error.ts';
import type { Verdict } from '../scope/verdict.ts';
import { keepPrivate } from './caching.ts';
import { type Csrf, csrfError } from './csrf.ts';
import { answerTo, expectResponse, isThrownResponse } from './error-answer.ts';
import { addToList, type Exchange, type ResponseHead } from './exchange.ts';
import { isPrefetch, isPrefetchRefusal, prefetchRefused } from './prefetch.ts';
import type { PreparedOptions } from './prepare.ts';
import { HandlerContext, type RequestContext } from './request-context.ts';
import { RequestParts } from './request-parts.ts';
import { cancelBody, expectSendable } from './response-copy.ts';

const noLines: readonly string[] = [];
const noHeaders: readonly (readonly [string, string])[] = [];

/** How a handler ended. */
interface Outcome {
  /** The status of its answer. From 500 up, the request has failed. */
  readonly status?: number;
  /** True when it threw, for all that the host knows: the request has failed, whatever answers. */
  readonly threw?: boolean;
}

/**
 * One request on its way through the pipeline, as a host drives it: `admit`, the handler with the `context`, `commit`, then
 * `write` into the head of the answer. What is thrown on the way has its `answer`.
 */
export class RequestRun<
  Data extends object,
  Host extends unknown[],
  Claims extends object = Record<string, unknown>,
> {
  readonly #parts: RequestParts<Data, Host, Claims>;
  #context: RequestContext<Data, Claims> | undefined;
  #verdict: Verdict | undefined;
  /** True once something was thrown that was not meant as an answer. */
  #threw = false;
  /** True when a browser asked ahead of a visit for what changes who is signed in: nothing becomes of the request. */
  #isRefusedPrefetch = false;

  /** @param host what the hooks of the options get */
  constructor(options: PreparedOptions<Data, Host, Claims>, exchange: Exchange, host: Host) {
    this.#parts = new RequestParts(options, exchange, host);
  }

  /** What the handler sees. */
  get context(): RequestContext<Data, Claims> {
    this.#context ??= new HandlerContext(this.#parts);
    return this.#context;
  }

  /**
   * Lets the request pass, or gives the answer of `onRefuse`; a promise only where a token decides, and of a refusal.
   * @throws HttpError 403 `csrf-refused`
   */
  admit(): Promise<Response | undefined> | undefined {
    try {
      return this.#judge()?.catch((thrown) => {
        throw asError(thrown);
      });
    } catch (thrown) {
      throw asError(thrown);
    }
  }

  #judge(): Promise<Response | undefined> | undefined {
    const { options, exchange } = this.#parts;
    const { csrf } = options;
    options.cors?.expectAnswer(exchange);
    if (options.isWatched) this.#reportCookies();
    this.#verdict = csrf?.judge(exchange, false);
    if (this.#verdict !== undefined) options.watcher?.judged(this.#verdict, exchange);
    if (csrf === undefined || this.#verdict === undefined || this.#verdict.allowed) return undefined;
    const tokenDecides = csrf.tokens !== undefined && csrf.judge(exchange, true)?.allowed === true;
    return tokenDecides ? this.#admitByToken(csrf, this.#verdict) : this.#refuse(csrf, this.#verdict);
  }

  #reportCookies(): void {
    const reasons = cookieHeaderWarnings(this.#parts.exchange.header('cookie'));
    if (reasons.length === 0) return;
    this.#parts.emit({ type: 'ambiguous-cookies', reasons });
  }

  async #admitByToken(csrf: Csrf, otherwise: Verdict): Promise<Response | undefined> {
    const token = await csrf.tokens?.sentWith(this.#parts.exchange);
    const isGood = token !== undefined && (await this.#parts.verifyCsrf(token));
    return isGood ? undefined : this.#refuse(csrf, otherwise);
  }

  #refuse({ enforced }: Csrf, verdict: Verdict): Promise<Response> | undefined {
    this.#parts.emit({ type: 'csrf-refused', enforced, reasons: verdict.reasons });
    this.#parts.options.warnOfCsrf?.(verdict.reasons);
    return enforced ? this.#answerRefusal(verdict) : undefined;
  }

  async #answerRefusal(verdict: Verdict): Promise<Response> {
    const answer = await this.#parts.options.onRefuse?.(verdict, ...this.#parts.host);
    if (!answer) throw csrfError(verdict);
    expectResponse(answer, 'onRefuse');
    expectSendable(answer);
    return answer.body === null ? answer : answer.clone(); // It may be given to the next visitor, too.
  }

  /** To be called before anything is opened, where there will be no answer: what would be written to it is misuse. */
  readOnly(): void {
    this.#parts.readOnly();
  }

  /**
   * Makes the session's intents real, with one store call; `undefined` when there is nothing to wait for. Where the request
   * has failed, what it wrote and a login are dropped, and a logout, a rotation and cookies are kept.
   * @throws what the store or the session has against it; nothing of the session is sent then
   */
  commit(outcome: Outcome = {}): Promise<void> | undefined {
    const sealing = this.#parts.close();
    this.#parts.options.watcher?.committed(outcome.status, this.#parts.exchange);
    const { session, tokens } = this.#parts;
    if (session === undefined && tokens === undefined && sealing === undefined) return undefined;
    const failed = this.#hasFailed(outcome);
    const ending = failed ? tokens?.abandon() : undefined;
    const isOpening = session !== undefined && !session.isSettled;
    const issued = tokens?.issued ?? noLines;
    const waits = isOpening || sealing !== undefined || ending !== undefined || issued.length > 0;
    if (waits) return this.#commit([sealing, ending], failed, outcome);
    if (this.#refusesPrefetch()) return Promise.reject(prefetchRefused());
    if (failed) this.#drop(outcome);
    const report = this.#settleCrossSite();
    const committing = session?.commit();
    if (report === undefined || committing !== undefined)
      return report ? committing?.then(report) : committing;
    report();
    return undefined;
  }

  #refusesPrefetch(): boolean {
    const { exchange, session, tokens } = this.#parts;
    if (!isPrefetch(exchange)) return false;
    const changes = session?.pending?.changesSignIn === true || tokens?.refusedPrefetch === true;
    if (!changes) return false;
    this.#isRefusedPrefetch = true;
    this.#parts.emit({ type: 'prefetch-refused' });
    return true;
  }

  /**
   * Begins no anonymous session where the browser may have one of ours that it did not send.
   * @returns what is to be told of a login, once it is committed
   */
  #settleCrossSite(): (() => void) | undefined {
    const { options, exchange, session } = this.#parts;
    if (session?.pending?.cameWithNothing !== true || !options.withholdsSessionCookie(exchange))
      return undefined;
    if (session.pending.signsIn) {
      const { user = '' } = session;
      return () => this.#parts.emit({ type: 'cross-site-login', user });
    }
    if (session.abandon()) {
      this.#parts.emit({ type: 'cross-site-write' });
      options.warnOfCrossSiteWrite?.(exchange);
    }
    return undefined;
  }

  #hasFailed({ status = 200, threw = false }: Outcome): boolean {
    const { outcome } = this.#parts;
    return outcome === undefined ? threw || this.#threw || status >= 500 : outcome === 'failed';
  }

  async #commit(first: readonly unknown[], failed: boolean, outcome: Outcome): Promise<void> {
    const { session, tokens } = this.#parts;
    try {
      await Promise.all(first);
      await session?.opening.catch(() => {});
      if (this.#refusesPrefetch()) throw prefetchRefused();
      if (failed) this.#drop(outcome);
      const report = this.#settleCrossSite();
      await session?.commit();
      report?.();
      await tokens?.endFormer();
    } catch (error) {
      await tokens?.abandon();
      throw error;
    }
  }

  #drop({ status }: Outcome): void {
    if (!this.#parts.session?.abandon()) return;
    this.#parts.emit({ type: 'writes-dropped', status });
    this.#parts.options.warnOfDroppedWrites?.(status);
  }

  /** True when `write` would write nothing. */
  get isPlain(): boolean {
    const { options, session, cookies } = this.#parts;
    return (
      options.cors === undefined &&
      options.watchCookies === undefined &&
      options.watcher === undefined &&
      this.#verdict === undefined &&
      session === undefined &&
      cookies === undefined
    );
  }

  /** True when there is nothing to commit, and `write` would write no more than `writeForAnyone`. */
  get isForAnyone(): boolean {
    const { watchCookies, watcher, consent } = this.#parts.options;
    const isWatched = watchCookies !== undefined || watcher !== undefined;
    const mayExpire = consent?.cookies !== undefined && consent.cookies.length > 0;
    return this.isUntouched && !this.#isRefusedPrefetch && !isWatched && !mayExpire;
  }

  /** True while nobody has asked for what is its visitor's: session, cookies, tokens. */
  get isUntouched(): boolean {
    const { session, cookies, tokens, csrfTokenGiven } = this.#parts;
    return session === undefined && cookies === undefined && tokens === undefined && !csrfTokenGiven;
  }

  /** True once the session was asked for. */
  get readsSession(): boolean {
    return this.#parts.session !== undefined;
  }

  /** Writes what is known once the request was let in, whoever asks: the same at every call. */
  writeForAnyone(head: ResponseHead): void {
    const { options, exchange } = this.#parts;
    options.cors?.mark(exchange, head);
    if (this.#verdict !== undefined) addToList(head, 'vary', ['Sec-Fetch-Site', 'Origin']);
  }

  /** Writes what belongs on the answer whatever became of it: CORS, cookies, and who may keep it. */
  write(head: ResponseHead): void {
    this.#write(head);
    this.#parts.options.watcher?.answered(head, this.#parts.exchange);
  }

  #write(head: ResponseHead): void {
    const { options, exchange, session, cookies, tokens, csrfTokenGiven } = this.#parts;
    this.writeForAnyone(head);
    if (this.#isRefusedPrefetch) {
      head.delete('set-cookie'); // The application's own, which may tell of a login that was not.
      return void head.set('cache-control', 'no-store');
    }
    const lines = this.#cookieLines();
    if (lines.length > 0) putSetCookie(head, lines);
    const headers = session?.head.headers ?? noHeaders;
    if (headers.length > 0) for (const [name, value] of headers) head.append(name, value);
    options.watchCookies?.(
      { all: head.getSetCookie(), own: [...(session?.head.cookies ?? []), ...(tokens?.lines ?? [])] },
      cookies?.sensitive ?? [],
      exchange,
    );
    if (options.clearSiteData !== undefined && this.#signsOut) {
      head.set('clear-site-data', options.clearSiteData);
    }
    const isPersonal = session !== undefined || tokens !== undefined || csrfTokenGiven || lines.length > 0;
    if (isPersonal || cookies?.wasRead) addToList(head, 'vary', ['Cookie']);
    if (tokens !== undefined) addToList(head, 'vary', ['Authorization']);
    if (isPersonal && keepPrivate(head)) options.warnOfSharedAnswer?.(exchange);
  }

  /** Most answers have none, and to spread lists that are empty takes longer than all else that is written. Bench row: Express, hallpass. */
  #cookieLines(): readonly string[] {
    const { cookies, session, tokens } = this.#parts;
    const kept = cookies?.lines ?? noLines;
    const issued = tokens?.issued ?? noLines;
    const replaced = issued.length === 0 ? kept : replaceLines(kept, issued);
    const ofSession = session?.head.cookies ?? noLines;
    return ofSession.length === 0 ? replaced : [...replaced, ...ofSession];
  }

  /** True when somebody was signed out, and nobody signs in by the same answer, whose cookies would go too. */
  get #signsOut(): boolean {
    const { session, tokens } = this.#parts;
    const { revoked = false, issued = [] } = tokens ?? {};
    const leavesSignedIn = session?.leavesSignedIn === true || issued.length > 0;
    return (session?.signsOut === true || revoked) && !leavesSignedIn;
  }

  /**
   * The answer to what was thrown: a `Response` is one, `onError` may give one, and an error has its own. Where neither of the
   * first two is below 500, the request has failed.
   */
  async answerThrown(thrown: unknown): Promise<Response> {
    if (isThrownResponse(thrown)) return thrown;
    if (isPrefetchRefusal(thrown)) return this.answer(thrown);
    this.#threw = true; // Unless onError says otherwise: meanwhile a host may have something else to commit.
    try {
      return (await this.#askOnError(thrown)) ?? this.answer(thrown);
    } catch (second) {
      if (isThrownResponse(second)) return this.#meant(second);
      this.answer(thrown); // It is told, too.
      return this.answer(second);
    }
  }

  /** The response, or our answer to one that cannot be sent, to be committed as the failure that it is. */
  toSendable(response: Response): Response {
    if (this.isUntouched) return response; // Nothing will be committed.
    try {
      expectSendable(response);
      return response;
    } catch (error) {
      cancelBody(response);
      this.#threw = true;
      return this.answer(error);
    }
  }

  async #askOnError(error: unknown): Promise<Response | undefined> {
    const { options, host } = this.#parts;
    const answer = await options.onError?.(error, ...host);
    if (!answer) return undefined;
    expectResponse(answer, 'onError');
    const { status } = answer;
    if (status >= 500) this.#parts.emit({ type: 'failed', status, error });
    return this.#meant(answer);
  }

  /** An answer that says by its status whether the request has failed. */
  #meant(answer: Response): Response {
    this.#threw = false;
    return answer;
  }

  /** An error's own answer. Reported when it is the server's fault; its details stay here. */
  answer(error: unknown): Response {
    const answer = answerTo(error);
    const { status } = answer;
    if (status >= 500 && !isPrefetchRefusal(error)) this.#parts.emit({ type: 'failed', status, error });
    return answer;
  }
}
