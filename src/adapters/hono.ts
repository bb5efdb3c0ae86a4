import type { Context as HonoContext, MiddlewareHandler, Next } from 'hono';
import { isAboutTheBody } from '../server/about-body.ts';
import type { Context, ContextOf } from '../server/context.ts';
import type { Exchange } from '../server/exchange.ts';
import { formFieldOf } from '../server/form-field.ts';
import type { ServerOptions } from '../server/options.ts';
import { peerOf } from '../server/peer.ts';
import { withHead } from '../server/pipeline.ts';
import { prepare } from '../server/server.ts';
import { Visit } from '../server/visit.ts';

export type { Context } from '../server/context.ts';
export type { CorsPolicy, CsrfPolicy, ServerEvent, SiteData } from '../server/options.ts';

/** The `Env` of an app with {@link hallpass} in front: `new Hono<HallpassEnv<typeof sessions, typeof tokens>>()`. */
export interface HallpassEnv<S, T = unknown> {
  Variables: { hallpass: ContextOf<S, T> };
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
 */
export function hallpass<
  Data extends object = Record<string, unknown>,
  Claims extends object = Record<string, unknown>,
>(
  options: HallpassOptions<Data, Claims>,
): MiddlewareHandler<{ Variables: { hallpass: Context<Data, Claims> } }> {
  const server = prepare(options);

  async function serve(c: HonoContext, next: Next): Promise<Response | undefined> {
    const exchange = new HonoExchange(c);
    const preflight = server.cors?.preflight(exchange);
    if (preflight !== undefined) return preflight;

    const visit = new Visit(server, exchange, [c]);
    c.set('hallpass', visit);
    // Hono answers what a handler throws inside next(), and then c.error is set. What arrives here is a refusal, a
    // failed commit, or what Hono itself lets pass: an error of app.notFound, or a thrown value that is no Error.
    let thrown: { error: unknown } | undefined;
    try {
      const judging = visit.admit();
      const refusal = judging === undefined ? undefined : await judging;
      if (refusal === undefined) await next();
      else c.res = refusal;
    } catch (error) {
      thrown = { error };
    }
    try {
      await visit.commit(thrown !== undefined || c.error !== undefined);
    } catch (error) {
      thrown = { error };
    }
    if (thrown !== undefined) {
      startAnswerAnew(c);
      if (thrown.error instanceof Error) {
        visit.write(c.res.headers);
        unfinished.set(thrown.error, visit);
        throw thrown.error;
      }
      c.res = visit.answer(thrown.error);
    }
    if (visit.isPlain) return;
    const answer = withHead(c.res, (head) => visit.write(head));
    if (answer !== c.res) replaceAnswer(c, answer);
  }

  return (c, next) => (c.req.matchedRoutes.length === 1 ? Alone.resolve(serve(c, next)) : serve(c, next));
}

/** Errors on their way to app.onError, with the visit whose head belongs on its answer. */
const unfinished = new WeakMap<Error, Pick<Visit<object, never>, 'write'>>();

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
      const visit = unfinished.get(error);
      return visit !== undefined && answer instanceof Response
        ? withHead(answer, (head) => visit.write(head))
        : answer;
    });
  }
}

/** Forgets the handler's answer, but for the headers that Hono keeps when a handler throws and that speak of no body. */
function startAnswerAnew(c: HonoContext): void {
  if (!c.finalized) return;
  c.res = undefined;
  for (const name of [...c.res.headers.keys()]) {
    if (isAboutTheBody(name)) c.res.headers.delete(name);
  }
}

/** Hono would merge the old answer's headers, cookies included, over those of the new one. */
function replaceAnswer(c: HonoContext, response: Response): void {
  c.res = undefined;
  c.res = response;
}

class HonoExchange implements Exchange {
  readonly #c: HonoContext;
  constructor(c: HonoContext) {
    this.#c = c;
  }
  get method(): string {
    return this.#c.req.method;
  }
  get url(): string {
    return this.#c.req.url;
  }
  header(name: string): string | undefined {
    return this.#c.req.header(name);
  }
  get address(): string | undefined {
    return peerOf(this.#c.req.raw);
  }
  formField(name: string, limit: number): Promise<string | undefined> {
    return formFieldOf(this.#c.req.raw, name, limit);
  }
}
