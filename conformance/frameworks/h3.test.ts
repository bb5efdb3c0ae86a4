import { createApp, eventHandler, fromNodeMiddleware, toNodeListener } from 'h3';
import { hallpass } from 'hallpass/express';
import { createSessions } from 'hallpass/session';
import { memoryStore } from 'hallpass/stores/memory';
import { createTestClient } from 'hallpass/testing';
import { expect, it, vi } from 'vitest';

const own = 'https://shop.test';

/** h3 v1, what Nuxt 4 stands on, with the middleware of hallpass/express: a host of connect's kind, whose requests have no `app`. */
function visitH3() {
  const pass = hallpass({ sessions: createSessions({ store: memoryStore() }), origins: [own] });
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

it('h3 v1: login, a refusal and an error answer as in Express, and the error keeps no login', async () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {}); // h3 logs every error that is not its own.
  const visitor = visitH3();
  expect((await visitor.get('/me')).status).toBe(401);
  const crashed = await visitor.post('/crash');
  expect([crashed.status, crashed.headers.getSetCookie()]).toEqual([500, []]);
  log.mockRestore();
  await visitor.post('/login');
  expect(await visitor.get('/me').json()).toEqual({ user: 'ada' });
});
