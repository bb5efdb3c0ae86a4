import { createServer } from 'node:http';
import express, {
  type Express,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import express4 from 'express4';
import { nextPath } from '../client/client.ts';
import { expressPass } from '../hallpass.ts';
import { folder } from '../lab.ts';
import { lookAt, perform } from '../perform.ts';
import { expressIdioms, expressSteps, type ResponseScope, responseSteps } from '../steps/response.ts';
import { Steps } from '../steps/steps.ts';
import { surroundings } from '../surroundings.ts';
import { arrival, clientOf, type Host, passOptions, type Run, useSession } from './host.ts';
import { listening, noteCalls, watchResponse } from './watch.ts';

const own = {
  head: {},
  end: { serveStatic: ({ req, res, next }: ResponseScope) => serveStatic(req, res, next) },
};
const steps = new Steps<ResponseScope>(responseSteps, expressSteps, own);
const serveStatic = (req: Request, res: Response, next: NextFunction) =>
  express.static(folder, { maxAge: '1h', index: 'page.html' })(req, res, next);

/** An app of Express with the program's handler, and what stands round it. */
export function expressApp(run: Run, make: typeof express): Express {
  const { program, lab } = run;
  const app = make();
  const around = program.around.map((name) => surroundings[name] ?? {});
  const use = (handlers: (RequestHandler | undefined)[]) => {
    for (const handler of handlers) {
      if (handler !== undefined)
        app.use((req, res, next) => (req.path === nextPath ? next() : handler(req, res, next)));
    }
  };
  app.use((req, res, next) => {
    if (req.path !== nextPath) watchResponse(run, res);
    const arriving = arrival(run);
    if (arriving === undefined) next();
    else void arriving.then(() => next());
  });
  use(around.map(({ outside }) => outside?.(lab)));
  const pass = run.hallpass ? expressPass(passOptions(run)) : undefined;
  if (pass !== undefined) app.use(pass);
  app.get(nextPath, (_req, res) => void res.send('next'));
  use(around.map(({ inside }) => inside?.(lab)));
  for (const { onMiddlewareError } of around) if (onMiddlewareError) app.use(onMiddlewareError(lab));
  const context = (req: Request) => () => pass!.context(req);
  app.use((req, _res, next) => {
    const using = useSession(run, 'before', context(req));
    if (using === undefined) next();
    else using.then(() => next(), next);
  });
  const handle = (req: Request, res: Response, next: NextFunction): unknown => {
    const scope = { req, res, next, lab, client: clientOf(run), done: noteCalls(run) };
    return perform({ program, steps, scope, lab, look: () => lookAt(res) });
  };
  app.all('/', (req, res, next) => {
    const using = useSession(run, 'inside', context(req));
    if (using !== undefined || program.style === 'async') {
      return (async () => {
        await using;
        return handle(req, res, next);
      })();
    }
    return handle(req, res, next);
  });
  for (const { onError } of around) if (onError) app.use(onError(lab));
  return app;
}

const hostOf = (make: typeof express): Host => ({
  steps: steps.groups,
  show: steps.show,
  idioms: expressIdioms,
  around: Object.keys(surroundings),
  listen: (run) => listening(createServer(expressApp(run, make)), run),
});

export const express5Host: Host = hostOf(express);
export const express4Host: Host = hostOf(express4);
