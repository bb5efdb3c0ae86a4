import type { Context as HonoContext, MiddlewareHandler, Next } from 'hono';
import { refuseOwnCall } from '../errors/misuse.ts';
import { isThrownResponse } from '../server/error-answer.ts';
import type { ResponseHead } from '../server/exchange.ts';
import type { ServerOptions } from '../server/options.ts';
import { isPrefetchRefusal } from '../server/prefetch.ts';
import { prepare } from '../server/prepare.ts';
import type { RequestContext, RequestContextOf } from '../server/request-context.ts';
import { RequestRun } from '../server/request-run.ts';
import { cancelBody, expectSendable, withHead } from '../server/response-copy.ts';
import { removeStaleHeaders } from '../server/stale-headers.ts';
import { WebExchange } from '../server/web-exchange.ts';

export type { ConsentPolicy } from '../server/consent.ts';
export type { ServerEvent } from '../server/events.ts';
export type { ExemptRoute, PathPattern } from '../server/exempt-routes.ts';
export type { CorsPolicy, CsrfPolicy, SiteData } from '../server/options.ts';
export type { RequestContext } from '../server/request-context.ts';

/** The `Env` of an app with {@link hallpass} in front: `new Hono<HallpassEnv<typeof sessions, typeof tokens>>()`. */
export interface HallpassEnv<S, T = unknown> {
  Variables: { hallpass: RequestContextOf<S, T> };
}

/** Options of {@link hallpass}. Hooks get Hono's context. */
export type HallpassOptions<
  Data extends object,
  Claims extends object = Record<string, unknown>,
> = ServerOptions<Data, [c: HonoContext], Claims>;

/**
 * The pipeline as one middleware: `app.use(hallpass({ sessions, origins }))`, then `c.var.hallpass` in every handler.
 * A refusal is thrown, so `app.onError` may answer it. Cookies and CORS headers survive redirects, errors and 404s.
 * @throws TypeError for a policy that cannot mean what it says
 *
 * @example
 * ```ts
 * import { Hono } from 'hono';
 * import { type HallpassEnv, hallpass } from 'hallpass/hono';
 * import { createSessions } from 'hallpass/session';
 * import { memoryStore } from 'hallpass/stores/memory';
 *
 * const sessions = createSessions({ store: memoryStore() });
 * const app = new Hono<HallpassEnv<typeof sessions>>();
 * app.use(hallpass({ sessions, origins: ['https://shop.test'] }));
 * app.get('/', async (c) => c.json({ user: (await c.var.hallpass.user()) ?? null }));
 *
 * console.log(await (await app.request('https://shop.test/')).text()); // → {"user":null}
 * ```
 */
export function hallpass<
  Data extends object = Record<string, unknown>,
  Claims extends object = Record<string, unknown>,
>(
  options: HallpassOptions<Data, Claims>,
): MiddlewareHandler<{ Variables: { hallpass: RequestContext<Data, Claims> } }> {
  const prepared = prepare(options);

  async function serve(c: HonoContext, next: Next): Promise<Response | undefined> {
    if (c.req.routeIndex > 0 && c.get('hallpass') === undefined) prepared.warnOfLateMount?.();
    const exchange = new WebExchange(c.req.raw);
    const preflight = prepared.preflight(exchange, [c]);
    if (preflight !== undefined) return preflight;

    const run = new RequestRun(prepared, exchange, [c]);
    c.set('hallpass', run.context);
    // Hono answers what a handler throws inside next(), and then c.error is set. What arrives here is a refusal, a
    // failed commit, or what Hono itself lets pass: an error of app.notFound, or a thrown value that is no Error.
    let thrown: { error: unknown } | undefined;
    try {
      const admitting = run.admit();
      const refusal = admitting === undefined ? undefined : await admitting;
      if (refusal === undefined) {
        announce(c, run);
        await next();
      } else c.res = refusal;
    } catch (error) {
      if (isThrownResponse(error)) answerWith(c, error);
      else thrown = { error };
    }
    // A handler that forgot its `return`: Hono makes an error of it, once all middleware is over.
    const isForgotten = thrown === undefined && !c.finalized;
    try {
      if (c.finalized && !run.isUntouched) expectSendable(c.res);
    } catch (error) {
      thrown ??= { error };
    }
    try {
      const threw = thrown !== undefined || c.error !== undefined || isForgotten;
      const pending = run.commit({ threw, status: c.finalized ? c.res.status : undefined });
      if (pending !== undefined) await pending;
    } catch (error) {
      thrown = { error };
    }
    const write = (head: ResponseHead) => run.write(head);
    if (thrown === undefined) {
      if (isForgotten) return run.write(c.res.headers) as undefined;
      if (run.isPlain || (run.isForAnyone && !wouldChange(c.res.headers, run))) return;
      try {
        replaceAnswer(c, withHead(c.res, write));
        return;
      } catch (error) {
        thrown = { error }; // A response that cannot be sent, of a request that asked for nothing of its visitor's.
      }
    }
    forgetAnswer(c);
    if (!(thrown.error instanceof Error) || isPrefetchRefusal(thrown.error)) {
      replaceAnswer(c, withHead(run.answer(thrown.error), write));
      return;
    }
    run.write(c.res.headers);
    unfinished.set(thrown.error, run);
    throw thrown.error;
  }

  return (c, next) => {
    if (typeof c?.req !== 'object' || typeof next !== 'function') refuseOwnCall('app.use(hallpass(options))');
    if (c.req.matchedRoutes === undefined) {
      throw new TypeError(
        'hallpass/hono needs Hono 4 or above, and this one is older: npm install hono@latest.',
      );
    }
    return c.req.matchedRoutes.length === 1 ? Alone.resolve(serve(c, next)) : serve(c, next);
  };
}

type HeadWriter = Pick<RequestRun<object, never>, 'writeForAnyone'>;

/**
 * Tells Hono what goes on every answer: those that it makes carry it from the beginning, and need no copy, which costs as much as
 * they. Bench row: Hono, hallpass.
 */
function announce(c: HonoContext, run: HeadWriter): void {
  run.writeForAnyone(new AnnouncedHead(c));
}

/** The head of the answers that Hono will make. What others have announced before stands beside it. */
class AnnouncedHead implements ResponseHead {
  readonly #c: HonoContext;

  constructor(c: HonoContext) {
    this.#c = c;
  }

  get(): null {
    return null;
  }

  getSetCookie(): string[] {
    return [];
  }

  set(name: string, value: string): void {
    this.#c.header(name, value, name === 'vary' ? appending : undefined);
  }

  append(name: string, value: string): void {
    this.#c.header(name, value, appending);
  }

  delete(name: string): void {
    this.#c.header(name, undefined);
  }
}

const appending = { append: true };

/** True when something is missing on this answer. Nothing is written: it may be the handler's own. */
function wouldChange(headers: Headers, run: HeadWriter): boolean {
  const head = new ComparedHead(headers);
  run.writeForAnyone(head);
  return head.changes;
}

/** Notes whether what is written to it is there already. */
class ComparedHead implements ResponseHead {
  changes = false;
  readonly #headers: Headers;

  constructor(headers: Headers) {
    this.#headers = headers;
  }

  get(name: string): string | null {
    return this.#headers.get(name);
  }

  getSetCookie(): string[] {
    return this.#headers.getSetCookie();
  }

  set(name: string, value: string): void {
    if (this.#headers.get(name) !== value) this.changes = true;
  }

  append(): void {
    this.changes = true;
  }

  delete(name: string): void {
    if (this.#headers.has(name)) this.changes = true;
  }
}

/** Errors on their way to app.onError, each with the run whose head belongs on its answer. */
const unfinished = new WeakMap<Error, Pick<RequestRun<object, never>, 'write'>>();

/**
 * The work of a middleware that is all that a path matches. Hono sends what app.onError makes of its error as it is, where for
 * others it merges the head that stands already; so the answer is finished where Hono asks for it.
 */
class Alone extends Promise<Response | undefined> {
  override catch<T>(
    onError?: ((error: unknown) => T | PromiseLike<T>) | null,
  ): Promise<Response | undefined | T> {
    return super.catch(async (error) => {
      if (!onError) throw error;
      const answer = await onError(error);
      const run = unfinished.get(error);
      return run !== undefined && answer instanceof Response
        ? withHead(answer, (head) => run.write(head))
        : answer;
    });
  }
}

/** Forgets the handler's answer, but for the headers that Hono keeps when a handler throws and that speak of no body. */
function forgetAnswer(c: HonoContext): void {
  if (!c.finalized) return;
  cancelBody(c.res);
  c.res = undefined;
  removeStaleHeaders(c.res.headers.keys(), (name) => c.res.headers.delete(name));
}

/** The answer in the place of what there was. */
function answerWith(c: HonoContext, response: Response): void {
  forgetAnswer(c);
  replaceAnswer(c, response);
}

/** Hono would merge the old answer's headers, cookies included, over those of the new one. */
function replaceAnswer(c: HonoContext, response: Response): void {
  c.res = undefined;
  c.res = response;
}
