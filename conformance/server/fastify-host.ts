import fastify from 'fastify';
import fastify4 from 'fastify4';
import { hallpass } from 'hallpass/fastify';
import type { App, Host } from './app.ts';
import { answerTo, listening } from './hosts.ts';

/** Fastify 5 on a port. */
export const fastifyHost: Host = (app) => hostOf(fastify, app);

/** Fastify 4 on a port. */
export const fastify4Host: Host = (app) => hostOf(fastify4, app);

const hostOf = async (make: typeof fastify, { options, routes }: App): ReturnType<Host> => {
  const app = make();
  const pass = hallpass(options);
  await app.register(pass);
  app.setErrorHandler((error, _request, reply) => {
    const { status, body } = answerTo(error);
    reply.code(status).send(body);
  });
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  for (const [name, route] of Object.entries(routes)) {
    const [method = '', url = ''] = name.split(' ');
    app.route({
      method,
      url,
      handler: async (request, reply) => {
        const { searchParams } = new URL(request.url, 'http://localhost');
        const answer = await route(pass.context(request), searchParams, async () =>
          String(request.body ?? ''),
        );
        if ('redirect' in answer) return reply.redirect(answer.redirect);
        return reply
          .code(answer.status ?? 200)
          .headers(answer.headers ?? {})
          .send(answer.body);
      },
    });
  }
  await app.ready();
  return listening(app.server);
};
