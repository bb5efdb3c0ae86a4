import { createServer, type RequestListener } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { Server } from 'node:net';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { nextPath } from '../client/client.ts';
import { nodePass } from '../hallpass.ts';
import { lookAt, perform } from '../perform.ts';
import { type ResponseScope, responseIdioms, responseSteps, streamSteps } from '../steps/response.ts';
import { Steps } from '../steps/steps.ts';
import { surroundings } from '../surroundings.ts';
import { arrival, clientOf, type Host, passOptions, type Run, useSession } from './host.ts';
import { listening, noteCalls, watchResponse } from './watch.ts';

const steps = new Steps<ResponseScope>(responseSteps);
const http2Steps = new Steps<ResponseScope>(responseSteps, streamSteps);

/** A plain listener with the program's handler. Middleware round it is called as connect would call it. */
function plainListener(run: Run): RequestListener {
  const { program, lab } = run;
  const around = program.around.map((name) => surroundings[name] ?? {});
  const pass = run.hallpass ? nodePass(passOptions(run)) : undefined;

  const handle = (req: Request, res: Response): unknown => {
    const next = (error?: unknown) => void (error && res.destroy(error as Error));
    const scope = { req, res, next, lab, client: clientOf(run), done: noteCalls(run) };
    return perform({
      program,
      steps: program.framework === 'http2' ? http2Steps : steps,
      scope,
      lab,
      look: () => lookAt(res),
    });
  };
  const listener = (req: Request, res: Response): unknown => {
    const context = () => pass!.context(req);
    const using = useSession(run, program.opens, context);
    if (using === undefined && program.style !== 'async') return handle(req, res);
    return using === undefined ? (async () => handle(req, res))() : using.then(() => handle(req, res));
  };
  const chained = chain(
    around.map(({ inside }) => inside?.(lab)),
    listener,
  );
  const inner: Handler = (req, res) => (req.url === nextPath ? res.end('next') : chained(req, res));
  const served = pass === undefined ? inner : pass(inner as never);
  const outer = chain(
    around.map(({ outside }) => outside?.(lab)),
    served as typeof inner,
  );
  return ((req: Request, res: Response) => {
    if (req.url === nextPath) return void served(req as never, res as never);
    watchResponse(run, res);
    const arriving = arrival(run);
    if (arriving === undefined) outer(req, res);
    else void arriving.then(() => outer(req, res));
  }) as unknown as RequestListener;
}

type Handler = (req: Request, res: Response) => unknown;

function chain(middleware: readonly (RequestHandler | undefined)[], last: Handler): Handler {
  return middleware.reduceRight<Handler>(
    (rest, handler) =>
      handler === undefined
        ? rest
        : (req, res) => {
            let returned: unknown;
            const next = () => {
              returned = rest(req, res);
            };
            handler(req, res, next as NextFunction);
            return returned;
          },
    last,
  );
}

/** Middleware that needs no app with error handlers. */
const plain = Object.entries(surroundings).filter(
  ([, { onError, onMiddlewareError }]) => !onError && !onMiddlewareError,
);

export const httpHost: Host = {
  steps: steps.groups,
  show: steps.show,
  idioms: responseIdioms,
  around: plain.map(([name]) => name),
  listen: (run) => listening(createServer(plainListener(run)), run),
};

export const http2Host: Host = {
  steps: http2Steps.groups,
  show: http2Steps.show,
  idioms: [...responseIdioms, ['streamRespond', 'streamEnd'], ['streamFile'], ['streamFileMissing']],
  around: ['logger', 'logger inside', 'counter outside', 'counter inside'],
  listen: (run) => listening(createHttp2Server(plainListener(run) as never) as unknown as Server, run),
};
