import type { NextFunction, Request, Response } from 'express';
import { refuseOwnCall } from '../errors/misuse.ts';
import type { RequestRun } from '../server/request-run.ts';
import { type ContextAccess, contextAccess } from './node/context-access.ts';
import { deferResponse } from './node/deferred-response.ts';
import { type NodeOptions, PipelineEntry } from './node/entry.ts';
import { HiddenProperty } from './node/hidden-property.ts';
import type { Incoming } from './node/messages.ts';
import { respond } from './node/respond.ts';
import type { ResponseRun } from './node/response-commit.ts';

export type { ConsentPolicy } from '../server/consent.ts';
export type { ServerEvent } from '../server/events.ts';
export type { ExemptRoute, PathPattern } from '../server/exempt-routes.ts';
export type { CorsPolicy, CsrfPolicy, SiteData } from '../server/options.ts';
export type { RequestContext } from '../server/request-context.ts';
export {
  type ExpressSession,
  type ExpressSessionOptions,
  expressSession,
} from './express/express-session.ts';
export type { TrustProxy, TrustProxyOptions } from './node/trusted-proxies.ts';

/** Options of {@link hallpass}. Hooks get Express's request, whose `res` is its response. */
export type HallpassOptions<
  Data extends object,
  Claims extends object = Record<string, unknown>,
> = NodeOptions<Data, [req: Request], Claims>;

/** The pipeline as one middleware of Express 5 or 4, or of whoever calls middleware as connect does. */
export interface ExpressMiddleware<Data extends object, Claims extends object = Record<string, unknown>>
  extends ContextAccess<Incoming, Data, Claims> {
  (req: Request, res: Response, next: NextFunction): unknown;
}

/**
 * The pipeline as one middleware: `const pass = hallpass({ sessions, origins })`, `app.use(pass)`, then `pass.context(req)` in
 * every handler. A refusal goes to `next`, so error handlers may answer it. Cookies and CORS headers survive redirects, errors
 * and 404s, and nothing of an answer is sent before the session is committed.
 * @throws TypeError for a policy that cannot mean what it says
 *
 * @example
 * ```ts
 * import express from 'express';
 * import { hallpass } from 'hallpass/express';
 * import { fromNodeListener } from 'hallpass/node';
 * import { createSessions } from 'hallpass/session';
 * import { memoryStore } from 'hallpass/stores/memory';
 *
 * const pass = hallpass({ sessions: createSessions({ store: memoryStore() }), origins: ['https://shop.test'] });
 * const app = express();
 * app.use(pass);
 * app.get('/', async (req, res) => {
 *   res.json({ user: (await pass.user(req)) ?? null });
 * });
 *
 * const response = await fromNodeListener(app)(new Request('https://shop.test/'));
 * console.log(await response.text()); // → {"user":null}
 * ```
 */
export function hallpass<
  Data extends object = Record<string, unknown>,
  Claims extends object = Record<string, unknown>,
>(options: HallpassOptions<Data, Claims>): ExpressMiddleware<Data, Claims> {
  const entry = new PipelineEntry(options);
  const runs = new HiddenProperty<RequestRun<Data, [Request], Claims>>();

  const middleware = (req: Request, res: Response, next: NextFunction): unknown => {
    if (typeof req?.headers !== 'object' || typeof res?.end !== 'function' || typeof next !== 'function')
      refuseOwnCall('app.use(pass)');
    if (runs.find(req) !== undefined) return next();
    const exchange = entry.exchange(req);
    const host: [Request] = [req];
    const preflight = entry.preflight(exchange, host);
    if (preflight !== undefined) return send(preflight, req, res, next);

    const run = entry.run(exchange, host);
    runs.set(req, run);
    deferResponse(res, new ExpressRun(run, req, next));
    const refusal = entry.admit(run, req);
    if (refusal === undefined) return next();
    return refusal.then((answer) => (answer === undefined ? next() : send(answer, req, res, next)), next);
  };
  return Object.assign(
    middleware,
    contextAccess(
      (req: Incoming) => runs.get(req, 'app.use(pass) before the routes that ask for it.').context,
    ),
  );
}

/** Express 4, and whoever else calls middleware as connect did, hears of nothing that rejects: `next` is told here. */
function send(answer: globalThis.Response, req: Request, res: Response, next: NextFunction): Promise<void> {
  return respond(answer, res, req.method).catch(next);
}

/** One request of Express. A class: functions made for each request would outlive the collections of young objects. */
class ExpressRun implements ResponseRun {
  readonly run: ResponseRun['run'];
  readonly answerError: NextFunction;
  readonly #req: Request;

  constructor(run: ResponseRun['run'], req: Request, next: NextFunction) {
    this.run = run;
    this.answerError = next;
    this.#req = req;
  }

  hasThrown(status: number): boolean {
    return hasThrown(this.#req, status);
  }
}

/** Where the router of Express 5.3 and above keeps the errors that handlers threw, or gave to `next`. */
const errors = Symbol.for('router.tracing.publishedErrors');

/** No middleware sees what those behind it throw. Below 400, an error handler has recovered from it. */
function hasThrown(req: Request, status: number): boolean {
  const seen = (req as { [errors]?: ReadonlySet<unknown> })[errors];
  return seen !== undefined && seen.size > 0 && status >= 400;
}
