import type { Server } from 'node:net';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { nextPath } from '../client/client.ts';
import { fastifyPass } from '../hallpass.ts';
import type { Lab } from '../lab.ts';
import { lookAt, nameOf, perform } from '../perform.ts';
import { type ReplyScope, replyIdioms, replySteps } from '../steps/reply.ts';
import { Steps } from '../steps/steps.ts';
import { arrival, clientOf, type Host, passOptions, type Run, useSession } from './host.ts';
import { listening, noteCalls, watchResponse } from './watch.ts';

const steps = new Steps<ReplyScope>(replySteps);

/** What stands round a handler of Fastify, before hallpass is registered or after. */
const around: Record<
  string,
  { readonly when: 'outside' | 'inside'; add(app: FastifyInstance, lab: Lab): void }
> = {
  logger: {
    when: 'outside',
    add: (app, lab) =>
      app.addHook('onResponse', async (_request, reply) => {
        lab.transcript.around.push(`log: ${reply.statusCode} ${reply.getHeader('content-length') ?? '-'}`);
      }),
  },
  'payload hook outside': { when: 'outside', add: (app) => payloadHook(app, 'X-Outside') },
  'payload hook inside': { when: 'inside', add: (app) => payloadHook(app, 'X-Inside') },
  'slow payload hook inside': {
    when: 'inside',
    add: (app, lab) =>
      app.addHook('onSend', async (_request, _reply, payload) => {
        await lab.pause(3);
        return payload;
      }),
  },
  'failing payload hook inside': {
    when: 'inside',
    add: (app) =>
      app.addHook('onSend', async (_request, reply) => {
        if (reply.statusCode < 500) throw new Error('The hook failed.');
      }),
  },
  'errors answered': {
    when: 'inside',
    add: (app, lab) =>
      app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
        lab.transcript.around.push(`error handler: ${nameOf(error)}`);
        reply.code(error.statusCode ?? 500).send({ sorry: nameOf(error) });
      }),
  },
  'errors thrown again': {
    when: 'inside',
    add: (app, lab) =>
      app.setErrorHandler((error) => {
        lab.transcript.around.push(`error handler: ${nameOf(error)}`);
        throw error;
      }),
  },
  'not found answered': {
    when: 'inside',
    add: (app) => app.setNotFoundHandler((_request, reply) => reply.code(404).send('nothing here')),
  },
};

function payloadHook(app: FastifyInstance, name: string): void {
  app.addHook('onSend', (_request, reply, payload, next) => {
    reply.header(name, 'told');
    next(null, payload);
  });
}

async function fastifyApp(run: Run): Promise<FastifyInstance> {
  const { program, lab } = run;
  const app = fastify({ forceCloseConnections: true });
  app.addHook('onRequest', (request, reply, next) => {
    if (request.url !== nextPath) watchResponse(run, reply.raw);
    const arriving = arrival(run);
    if (arriving === undefined) next();
    else arriving.then(() => next());
  });
  app.addHook('onError', (_request, _reply, error, next) => {
    lab.transcript.failed ||= error.code !== 'store-unavailable'; // That one is the commit's.
    next();
  });
  const add = (when: 'outside' | 'inside') => {
    for (const name of program.around) if (around[name]?.when === when) around[name].add(app, lab);
  };
  add('outside');
  const pass = run.hallpass ? fastifyPass(passOptions(run)) : undefined;
  if (pass !== undefined) await app.register(pass);
  add('inside');
  app.get(nextPath, async (_request, reply) => lab.shared ?? reply.type('text/plain').send('next'));

  const seen = new WeakSet<FastifyRequest>();
  const context = (request: FastifyRequest) => () => pass!.context(request);
  app.addHook('preHandler', (request, _reply, next) => {
    // What is not found has its hooks once more.
    const isFirst = request.url !== nextPath && !seen.has(request);
    seen.add(request);
    const using = isFirst ? useSession(run, 'before', context(request)) : undefined;
    if (using === undefined) next();
    else using.then(() => next(), next);
  });
  const handle = (request: FastifyRequest, reply: FastifyReply): unknown => {
    const scope = { request, reply, raw: reply.raw, lab, client: clientOf(run), done: noteCalls(run) };
    return perform({
      program,
      steps,
      scope,
      lab,
      look: () => `${lookAt(reply.raw)} reply.sent=${reply.sent}`,
    });
  };
  app.all('/', (request, reply) => {
    const using = useSession(run, 'inside', context(request));
    if (using !== undefined) return using.then(() => handle(request, reply));
    return program.style === 'async' ? (async () => handle(request, reply))() : handle(request, reply);
  });
  await app.ready();
  return app;
}

export const fastifyHost: Host = {
  steps: steps.groups,
  show: steps.show,
  idioms: replyIdioms,
  around: Object.keys(around),
  async listen(run) {
    const app = await fastifyApp(run);
    const server = await listening(app.server as Server, run);
    return {
      ...server,
      async close() {
        await server.close();
        await app.close();
      },
    };
  },
};
