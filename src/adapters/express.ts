import type { NextFunction, Request, Response } from 'express';
import type { Context } from '../server/context.ts';
import { holdHead } from './node/hold.ts';
import type { Incoming } from './node/messages.ts';
import { Gate, type PassOptions, Slot } from './node/pass.ts';
import { respond } from './node/respond.ts';

export type { Context } from '../server/context.ts';
export type { CorsPolicy, CsrfPolicy, ServerEvent } from '../server/options.ts';

/** Options of {@link hallpass}. Hooks get Express's request, whose `res` is its response. */
export type HallpassOptions<
  Data extends object,
  Claims extends object = Record<string, unknown>,
> = PassOptions<Data, [req: Request], Claims>;

/** The pipeline as one middleware of Express 5. */
export interface Pass<Data extends object, Claims extends object = Record<string, unknown>> {
  (req: Request, res: Response, next: NextFunction): unknown;
  /** @throws TypeError for a request that has not come by the middleware */
  context(req: Incoming): Context<Data, Claims>;
}

/**
 * The pipeline as one middleware: `const pass = hallpass({ sessions, origins })`, `app.use(pass)`, then `pass.context(req)` in
 * every handler. A refusal goes to `next`, so error handlers may answer it. Cookies and CORS headers survive redirects, errors
 * and 404s, and nothing of an answer is sent before the session is committed.
 * @throws TypeError for a policy that cannot mean what it says
 */
export function hallpass<
  Data extends object = Record<string, unknown>,
  Claims extends object = Record<string, unknown>,
>(options: HallpassOptions<Data, Claims>): Pass<Data, Claims> {
  const gate = new Gate(options);
  const visits = new Slot<Context<Data, Claims>>();

  const pass = (req: Request, res: Response, next: NextFunction): unknown => {
    if (visits.find(req) !== undefined) return next();
    const exchange = gate.exchange(req);
    const preflight = gate.preflight(exchange);
    if (preflight !== undefined) return respond(preflight, res, req.method);

    const visit = gate.visit(exchange, req);
    visits.put(req, visit);
    holdHead(res, visit, () => hasFailed(req, res));
    // What is thrown here, or rejects, Express hands to `next`.
    const refusal = gate.admit(visit, req);
    if (refusal === undefined) return next();
    return refusal.then((answer) => (answer === undefined ? next() : respond(answer, res, req.method)));
  };
  return Object.assign(pass, {
    context: (req: Incoming) => visits.get(req, 'app.use(pass) before the routes that ask for it.'),
  });
}

/** Where the router of Express 5.3 and above keeps the errors that handlers threw, or gave to `next`. */
const errors = Symbol.for('router.tracing.publishedErrors');

/** No middleware sees what those behind it throw. With a router that tells nothing, an answer of 500 or above is a failure. */
function hasFailed(req: Request, res: Response): boolean {
  const seen = (req as { [errors]?: ReadonlySet<unknown> })[errors];
  if (seen !== undefined) return seen.size > 0;
  return res.statusCode >= 500 && !('listRoutes' in req.app.router);
}
