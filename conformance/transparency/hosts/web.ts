import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { Hono, type MiddlewareHandler } from 'hono';
import { compress } from 'hono/compress';
import { etag } from 'hono/etag';
import { nextPath } from '../client/client.ts';
import { honoPass, pipeline, type RequestContext, toNodeListener } from '../hallpass.ts';
import { nameOf, perform } from '../perform.ts';
import { Steps } from '../steps/steps.ts';
import {
  type Draft,
  type HonoScope,
  honoIdioms,
  honoSteps,
  type WebScope,
  webIdioms,
  webSteps,
} from '../steps/web.ts';
import { arrival, clientOf, type Host, passOptions, type Run, useSession } from './host.ts';
import { listening, watchResponse } from './watch.ts';

type FetchHandler = (request: Request) => Response | Promise<Response>;
type Listener = ReturnType<typeof getRequestListener>;

/** Serves a handler of requests, with what a run needs to see of Node's messages. */
function served(run: Run, listener: Listener) {
  return listening(
    createServer((incoming, outgoing) => {
      if (incoming.url !== nextPath) watchResponse(run, outgoing);
      const arriving = incoming.url === nextPath ? undefined : arrival(run);
      if (arriving === undefined) void listener(incoming, outgoing);
      else void arriving.then(() => listener(incoming, outgoing));
    }),
    run,
  );
}

async function answer<Scope extends WebScope>(
  run: Run,
  steps: Steps<Scope>,
  scope: Omit<Scope, 'answer' | 'lab' | 'client'>,
  context: () => RequestContext,
): Promise<Response> {
  const { program, lab } = run;
  await useSession(run, run.program.opens, context);
  const draft: Draft = { status: 200, headers: new Headers(), body: null };
  const whole = { ...scope, answer: draft, lab, client: clientOf(run) } as unknown as Scope;
  const returned = await perform({ program, steps, scope: whole, lab, look: () => '' });
  return returned === undefined ? new Response(draft.body, draft) : (returned as Response);
}

const plainSteps = new Steps<WebScope>(webSteps);

/** A handler of requests behind `toNodeListener`; without hallpass, behind the adapter that Hono has for Node. */
export const listenerHost: Host = {
  steps: plainSteps.groups,
  show: plainSteps.show,
  idioms: webIdioms,
  around: [],
  styles: ['async'],
  listen(run) {
    const next = () => run.lab.shared ?? new Response('next');
    const isNext = (request: Request) => new URL(request.url).pathname === nextPath;
    const bare: FetchHandler = (request) =>
      isNext(request) ? next() : answer(run, plainSteps, { request }, () => undefined as never);
    const passed = pipeline(passOptions(run))((request, context) =>
      isNext(request) ? next() : answer(run, plainSteps, { request }, () => context),
    );
    return served(
      run,
      run.hallpass ? (toNodeListener(passed, { onError() {} }) as never) : getRequestListener(bare),
    );
  },
};

const around: Record<string, { readonly outside?: MiddlewareHandler; readonly inside?: MiddlewareHandler }> =
  {
    'compression outside': { outside: compress() },
    'compression inside': { inside: compress() },
    'etag outside': { outside: etag() },
    'etag inside': { inside: etag() },
    'header outside': { outside: headerAfter('X-Outside') },
    'header inside': { inside: headerAfter('X-Inside') },
    'errors answered': {},
    'errors thrown again': {},
  };

function headerAfter(name: string): MiddlewareHandler {
  return async (c, next) => {
    await next();
    c.header(name, 'told');
  };
}

const hono = new Steps<HonoScope>(webSteps, honoSteps);

function honoApp(run: Run): Hono {
  const { program, lab } = run;
  const app = new Hono();
  const use = (where: 'outside' | 'inside') => {
    for (const name of program.around) if (around[name]?.[where]) app.use(around[name][where]);
  };
  if (program.around.includes('errors answered')) {
    app.onError((error, c) => {
      lab.transcript.around.push(`error handler: ${nameOf(error)}`);
      return c.json({ sorry: nameOf(error) }, 500);
    });
  }
  if (program.around.includes('errors thrown again')) {
    app.onError((error) => {
      lab.transcript.around.push(`error handler: ${nameOf(error)}`);
      throw error;
    });
  }
  use('outside');
  // Hono does more for an app with middleware than for one without: hallpass is compared with another middleware.
  app.use(run.hallpass ? (honoPass(passOptions(run)) as MiddlewareHandler) : (_c, next) => next());
  use('inside');
  app.get(nextPath, (c) => lab.shared ?? c.text('next'));
  app.all('/', (c) =>
    answer(run, hono, { request: c.req.raw, c }, () => c.get('hallpass' as never) as RequestContext),
  );
  return app;
}

/** Hono on its own adapter for Node, in both runs. */
export const honoHost: Host = {
  steps: hono.groups,
  show: hono.show,
  idioms: honoIdioms,
  around: Object.keys(around),
  styles: ['async'],
  listen: (run) => served(run, getRequestListener(honoApp(run).fetch)),
};
