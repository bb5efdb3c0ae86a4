import fastifyCookie from '@fastify/cookie';
import fastifySession from '@fastify/session';
import fastify from 'fastify';
import { versionOf } from '../shared/peers.ts';
import { type App, formOf, planWithRenewal, serve, shown } from './app.ts';

/** @fastify/session over its own store. */
export const sessionOfFastify: App = {
  name: versionOf('@fastify/session'),
  plan: planWithRenewal,
  async start() {
    const app = fastify();
    await app.register(fastifyCookie);
    const secret = 'a secret of the test that is long enough';
    await app.register(fastifySession, { secret, cookie: { secure: false }, saveUninitialized: false });
    app.addContentTypeParser('application/x-www-form-urlencoded', (_, payload, done) => {
      formOf(payload as never).then((form) => done(null, Object.fromEntries(form)), done);
    });
    type Fields = { field: string; value: string; user: string };
    const set = (session: object, key: string, value: unknown) => Object.assign(session, { [key]: value });
    app.get('/read', async ({ session }) => shown((name) => Reflect.get(session, name)));
    app.post<{ Body: Fields }>('/write', async ({ session, body }) => {
      set(session, body.field, body.value);
      return {};
    });
    app.post<{ Body: Fields }>('/sign-in', async (request) => {
      await request.session.regenerate(['a', 'b'] as never);
      set(request.session, 'user', request.body.user);
      return {};
    });
    app.post('/renew', async (request) => {
      await request.session.regenerate(['user', 'a', 'b'] as never);
      return {};
    });
    app.post('/sign-out', async (request) => {
      await request.session.destroy();
      return {};
    });
    await app.ready();
    return serve(app.routing, () => app.close());
  },
};
