import { hallpass } from 'hallpass/node';
import { createSessions } from 'hallpass/session';
import { memoryStore } from 'hallpass/stores/memory';
import { createTestClient } from 'hallpass/testing';
import Koa from 'koa';
import { expect, it } from 'vitest';

const own = 'https://shop.test';

/** Koa behind the pipeline of hallpass/node. */
function visitKoa() {
  const pass = hallpass({ sessions: createSessions({ store: memoryStore() }), origins: [own] });
  const app = new Koa();
  app.silent = true;
  app.use(async (ctx) => {
    const context = pass.context(ctx.req);
    if (ctx.path === '/login') (await context.session()).login('ada');
    if (ctx.path === '/crash') {
      (await context.session()).login('mallory');
      throw new Error('hush');
    }
    ctx.body = { user: await context.requireUser(ctx.path === '/danger' ? { fresh: '0s' } : {}) };
  });
  return createTestClient(pass(app.callback()), { baseUrl: own });
}

it('S158: Koa answers what our errors say, not 500', async () => {
  const visitor = visitKoa();
  const refused = await visitor.get('/me');
  expect([refused.status, refused.headers.get('cache-control'), await refused.text()]).toEqual([
    401,
    'no-store',
    'Sign in first.',
  ]);
  await visitor.post('/login');
  expect(await visitor.get('/me').json()).toEqual({ user: 'ada' });
  const stale = await visitor.get('/danger');
  expect([stale.status, await stale.text()]).toEqual([
    403,
    'The sign-in is too old for this: sign in again.',
  ]);
});

it('an error that Koa answers drops a login', async () => {
  const visitor = visitKoa();
  const crashed = await visitor.post('/crash');
  expect([crashed.status, crashed.headers.getSetCookie()]).toEqual([500, []]);
});
