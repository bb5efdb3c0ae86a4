import { putSetCookie } from '../cookie/set-lines.ts';
import { HttpFacingError } from '../errors.ts';
import type { Verdict } from '../scope/verdict.ts';
import type { Session } from '../session/types.ts';
import type { Duration } from '../time.ts';
import type { Context } from './context.ts';
import { ResponseCookies } from './cookies.ts';
import { csrfError } from './csrf.ts';
import { addToList, type Exchange, pathOf, type ResponseHead } from './exchange.ts';
import type { Server } from './server.ts';

/** Characters of User-Agent that a session keeps for the device list: anybody may send any length. */
const longestDevice = 256;

/**
 * One request on its way through the pipeline, in this order: `admit`, the handler, `commit`, `write`.
 * Handlers see it as their {@link Context}.
 */
export class Visit<Data extends object, Host extends unknown[]> implements Context<Data> {
  readonly #server: Server<Data, Host>;
  readonly #exchange: Exchange;
  readonly #host: Host;
  #verdict: Verdict | undefined;
  #opening: Promise<Session<Data>> | undefined;
  #sessionLines: readonly string[] = [];
  #cookies: ResponseCookies | undefined;
  #settled = false;

  constructor(server: Server<Data, Host>, exchange: Exchange, host: Host) {
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
    return this.#opening;
  }

  async user(): Promise<string | undefined> {
    return (await this.session()).user;
  }

  async requireUser(options: { fresh?: Duration } = {}): Promise<string> {
    const session = await this.session();
    if (session.user === undefined) throw new HttpFacingError('unauthenticated', 401, 'Sign in first.');
    if (options.fresh !== undefined && !session.fresh(options.fresh)) {
      throw new HttpFacingError(
        'stale-authentication',
        403,
        'The sign-in is too old for this: sign in again.',
      );
    }
    return session.user;
  }

  get cookies(): ResponseCookies {
    this.#cookies ??= new ResponseCookies(this.#exchange.header('cookie'));
    return this.#cookies;
  }

  get address(): string | undefined {
    const { address } = this.#server;
    return address === undefined ? this.#exchange.address : address(...this.#host);
  }

  // ── what the host does ──

  /**
   * Lets the request pass, or gives the answer of `onRefuse`; synchronous for everything that passes.
   * @throws HttpFacingError 403 `csrf-refused`
   */
  admit(): Promise<Response> | undefined {
    const { csrf } = this.#server;
    this.#verdict = csrf?.judge(this.#exchange);
    if (csrf === undefined || this.#verdict === undefined || this.#verdict.allowed) return undefined;
    const { method, url } = this.#exchange;
    const { reasons } = this.#verdict;
    const { enforced } = csrf;
    this.#server.emit({ type: 'csrf-refused', enforced, method, path: pathOf(url), reasons }, this.#host);
    return enforced ? this.#refuse(this.#verdict) : undefined;
  }

  async #refuse(verdict: Verdict): Promise<Response> {
    const answer = await this.#server.onRefuse?.(verdict, ...this.#host);
    if (answer === undefined) throw csrfError(verdict);
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
    return this.#opening === undefined && sealing === undefined ? undefined : this.#commit(sealing, failed);
  }

  async #commit(sealing: Promise<unknown> | undefined, failed: boolean): Promise<void> {
    await sealing;
    const session = await this.#opening?.catch(() => undefined);
    const { sessions } = this.#server;
    if (session === undefined || sessions === undefined) return;
    if (failed) sessions.abandon(session);
    this.#sessionLines = await sessions.commit(session);
  }

  /** True when `write` would write nothing. */
  get isPlain(): boolean {
    return (
      this.#server.cors === undefined &&
      this.#verdict === undefined &&
      this.#opening === undefined &&
      this.#cookies === undefined
    );
  }

  /** Writes what belongs on the answer whatever became of it: CORS, cookies, and who may keep it. */
  write(head: ResponseHead): void {
    this.#server.cors?.mark(this.#exchange, head);
    if (this.#verdict !== undefined) addToList(head, 'vary', ['Sec-Fetch-Site', 'Origin']);
    const lines = [...(this.#cookies?.lines ?? []), ...this.#sessionLines];
    if (lines.length > 0) putSetCookie(head, lines);
    const personal = this.#opening !== undefined || lines.length > 0;
    if (personal || this.#cookies?.wasRead) addToList(head, 'vary', ['Cookie']);
    if (personal && head.get('cache-control') === null) head.set('cache-control', 'private, no-store');
  }

  /** The answer to what was thrown. Reported when it is the server's fault; its details stay here. */
  answer(error: unknown): Response {
    const answer = ownAnswer(error) ?? internalError();
    if (answer.status >= 500) {
      const { method, url } = this.#exchange;
      const { status } = answer;
      this.#server.emit({ type: 'failed', status, method, path: pathOf(url), error }, this.#host);
    }
    return answer;
  }
}

/** What an error of ours, of Hono, or of whoever has `getResponse()`, answers by itself. */
function ownAnswer(error: unknown): Response | undefined {
  const hasAnswer =
    error instanceof Error && 'getResponse' in error && typeof error.getResponse === 'function';
  return hasAnswer ? (error as Error & { getResponse(): Response }).getResponse() : undefined;
}

function misused(sentence: string): Promise<never> {
  return Promise.reject(new TypeError(sentence));
}

function internalError(): Response {
  return Response.json({ error: 'internal' }, { status: 500, headers: { 'cache-control': 'no-store' } });
}
