import { createApp, eventHandler, fromNodeMiddleware, toNodeListener, toWebHandler } from 'h3';
import { hallpass as expressHallpass } from 'hallpass/express';
import { hallpass } from 'hallpass/h3';
import { createSessions } from 'hallpass/session';
import { memoryStore } from 'hallpass/stores/memory';
import { createTestClient } from 'hallpass/testing';
import { expect, it, vi } from 'vitest';

const own = 'https://shop.test';

/** h3 v1, what Nuxt 4 stands on, with the middleware of hallpass/express: a host of connect's kind, whose requests have no `app`. */
function visitH3() {
  const pass = expressHallpass({ sessions: createSessions({ store: memoryStore() }), origins: [own] });
  const app = createApp();
  app.use(fromNodeMiddleware((req, res, next) => pass(req as never, res as never, next)));
  app.use(
    eventHandler(async (event) => {
      const context = pass.context(event.node.req);
      if (event.path === '/login') (await context.session()).login('ada');
      if (event.path === '/crash') {
        (await context.session()).login('mallory');
        throw new Error('hush');
      }
      return { user: await context.requireUser() };
    }),
  );
  return createTestClient(toNodeListener(app), { baseUrl: own });
}

it('S158: h3 v1: login, a refusal and an error answer as in Express, and the error keeps no login', async () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {}); // h3 logs every error that is not its own.
  const visitor = visitH3();
  expect((await visitor.get('/me')).status).toBe(401);
  const crashed = await visitor.post('/crash');
  expect([crashed.status, crashed.headers.getSetCookie()]).toEqual([500, []]);
  log.mockRestore();
  await visitor.post('/login');
  expect(await visitor.get('/me').json()).toEqual({ user: 'ada' });
});

const front = 'https://front.example.test';
const cors = { origins: [front] };
const sessions = () => createSessions<{ note: string }>({ store: memoryStore() });

/** h3 v1 with the middleware of hallpass/h3. */
function app() {
  const pass = hallpass({ sessions: sessions(), origins: [own] });
  const app = createApp({ onBeforeResponse: pass.beforeResponse });
  app.use(eventHandler(pass));
  app.use(
    eventHandler(async (event) => {
      const session = await pass.session(event);
      if (event.path === '/login') session.login('ada');
      if (event.path === '/crash') {
        session.login('mallory');
        throw new Error('hush');
      }
      return { user: await pass.context(event).requireUser() };
    }),
  );
  return app;
}

it.for([
  ['on Node', () => createTestClient(toNodeListener(app()), { baseUrl: own })],
  [
    'in a worker, and inside Nuxt',
    () => {
      const serve = toWebHandler(app());
      return createTestClient((request) => serve(request), { baseUrl: own });
    },
  ],
] as const)('hallpass/h3 %s: h3 v1 answers errors itself, and they keep no login', async ([, visit]) => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {});
  const visitor = visit();
  const refused = await visitor.get('/me');
  expect([refused.status, (await refused.json()).statusCode, log.mock.calls]).toEqual([401, 401, []]);
  const crash = await visitor.post('/crash');
  expect([crash.status, crash.headers.getSetCookie()]).toEqual([500, []]);
  const login = await visitor.post('/login');
  expect([login.status, login.headers.getSetCookie().length]).toEqual([200, 1]);
  const me = await visitor.get('/me');
  expect([await me.json(), me.headers.get('cache-control')]).toEqual([{ user: 'ada' }, 'private, no-store']);
  log.mockRestore();
});

it.for([true, false])(
  'S134: mounted first, its headers stand on the answer of a guard; behind the guard it never runs: first %s',
  async (isFirst) => {
    const pass = hallpass({ sessions: sessions(), cors });
    const guarded = createApp({ onBeforeResponse: pass.beforeResponse });
    const guard = eventHandler(() => new Response('Sign in.', { status: 401 }));
    for (const handler of isFirst ? [eventHandler(pass), guard] : [guard, eventHandler(pass)])
      guarded.use(handler);
    const answer = await toWebHandler(guarded)(new Request(`${own}/x`, { headers: { origin: front } }));
    const allowed = answer.headers.get('access-control-allow-origin');
    expect([answer.status, allowed]).toEqual([401, isFirst ? front : null]);
  },
);
